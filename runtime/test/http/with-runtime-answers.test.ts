import { Ajv2020 } from 'ajv/dist/2020.js';
import t from 'tap';
import { problemAnswer } from '../../src/http/problem.ts';
import { runtimeProblems, type RuntimeProblemName } from '../../src/http/runtime-problems.ts';
import { withRuntimeAnswers } from '../../src/http/with-runtime-answers.ts';

const own = {
  description: 'Ours.',
  content: { 'application/problem+json': { schema: { type: 'object', required: ['ours'] } } },
};
const document = {
  openapi: '3.1.0',
  security: [{ oauth: ['a'] }],
  paths: {
    '/orders': {
      parameters: [{ $ref: '#/components/parameters/Key' }],
      get: {
        security: [],
        responses: {
          '200': { description: 'Fine.', content: { 'application/json': {} } },
          '400': { $ref: '#/components/responses/Bad' },
        },
      },
      post: { requestBody: {}, responses: { '201': { description: 'Made.' } } },
    },
    '/orders/{id}': {
      put: {
        parameters: [{ in: 'header', name: 'if-match', required: true }],
        responses: { '404': { description: 'Gone.' } },
      },
    },
  },
  components: { parameters: { Key: { in: 'header', name: 'Idempotency-Key' } }, responses: { Bad: own } },
};

type Answers = Record<string, { description: string; content?: Record<string, { schema: object }> }>;
const merged = withRuntimeAnswers(document) as typeof document & { components: { schemas: Record<string, object> } };
const statuses = (operation: { responses: object }) => Object.keys(operation.responses);

t.test('only the statuses that an operation can be answered with', (t) => {
  const { get, post } = merged.paths['/orders'];
  const always = ['400', '500', '501', '503'];
  t.strictSame(statuses(get), ['200', '406', '409', '422', ...always].toSorted());
  t.strictSame(statuses(post), ['201', '401', '403', '408', '409', '413', '415', '422', ...always].toSorted());
  t.strictSame(
    statuses(merged.paths['/orders/{id}'].put),
    ['401', '403', '404', '412', '415', '428', ...always].toSorted(),
  );
  const limited = withRuntimeAnswers(document, () => true) as typeof merged;
  t.ok(statuses(limited.paths['/orders'].get).includes('429'), '429 where there is a limit');
  t.end();
});

t.test('the document itself is not changed', (t) => {
  t.strictSame(Object.keys(document.paths['/orders'].get.responses), ['200', '400']);
  t.strictSame(own.content['application/problem+json'].schema, { type: 'object', required: ['ours'] });
  t.strictSame(withRuntimeAnswers({ asyncapi: '3.0.0' }), { asyncapi: '3.0.0' });
  t.equal(withRuntimeAnswers(undefined), undefined);
  t.end();
});

t.test('an answer that the contract declares may be its own or the runtime’s', (t) => {
  const answers = merged.paths['/orders'].get.responses as unknown as Answers;
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const schema = { ...answers['400']?.content?.['application/problem+json']?.schema, components: merged.components };
  const validate = ajv.compile(schema);
  t.ok(validate({ ours: 1 }));
  t.ok(validate(JSON.parse(String(problemAnswer('invalid-request').body))));
  t.notOk(validate({ type: 'urn:parkwise:problem:made-up', title: 'x', status: 400 }));
  t.equal(answers['400']?.description, 'Ours.');
  t.end();
});

t.test('every runtime problem fits what is said of it', (t) => {
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const validate = ajv.compile(merged.components.schemas['ParkwiseRuntimeProblem'] ?? false);
  for (const name of Object.keys(runtimeProblems) as RuntimeProblemName[]) {
    const { status, body } = problemAnswer(name, {
      detail: 'x',
      errors: [{ in: 'body', pointer: '', keyword: 'type', message: 'no' }],
    });
    t.ok(validate(JSON.parse(String(body))), name);
    t.equal(status, runtimeProblems[name].status);
  }
  t.end();
});
