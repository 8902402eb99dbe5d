import { textAt } from '../bundle/bundle.ts';
import type { Part } from '../bundle/bundle.ts';
import type { OpenApiContext } from './check-openapi.ts';
import { essence, isBinary, isCarried } from './media-types.ts';
import type { OperationPlace } from './read-operations.ts';

/** Bodies of requests and answers: where they may be, and in which media types. */
export const checkBodies = ({ method, path, part }: OperationPlace, context: OpenApiContext): void => {
  const { bundle, findings } = context;
  const body = bundle.object(part, 'requestBody');
  if (body) {
    checkContent(body, context);
    if (method === 'get' || method === 'head' || method === 'trace') {
      findings.error('misplaced-body', bundle.places.at(part.value, 'requestBody'), {
        message: `${method.toUpperCase()} has no body: clients and proxies drop it.`,
        hint: 'Describe what is sent as parameters, or use another method.',
      });
    } else if (method === 'delete') {
      findings.warning('misplaced-body', bundle.places.at(part.value, 'requestBody'), {
        message: 'A body of DELETE has no meaning that clients and proxies agree on.',
        hint: 'Describe what is sent as parameters.',
      });
    }
  }
  const responses = bundle.entries(part, 'responses').filter(([status]) => !status.startsWith('x-'));
  if (responses.length === 0) {
    findings.error('no-responses', bundle.places.at(part.value), {
      message: `${method.toUpperCase()} ${path} has no responses.`,
      hint: 'Describe what it answers, at least where it succeeds.',
    });
  } else if (!responses.some(([status]) => /^[23]/.test(status) || status === 'default')) {
    findings.warning('no-success', bundle.places.at(part.value, 'responses'), {
      message: `${method.toUpperCase()} ${path} has no response for success.`,
      hint: 'Describe what it answers where it succeeds.',
    });
  }
  for (const [status, response] of responses) checkResponse(response, { status, method, context });
};

const checkResponse = (
  response: Part,
  { status, method, context }: { status: string; method: OperationPlace['method']; context: OpenApiContext },
): void => {
  const { bundle, findings } = context;
  checkContent(response, context);
  if (status.startsWith('1')) {
    findings.error('construct-not-carried', bundle.places.at(response.value), {
      message: `An interim answer (${status}) is not carried into code.`,
      hint: 'Remove it: frameworks send interim answers by themselves.',
    });
  }
  const isBodiless = status === '204' || status === '205' || status === '304' || method === 'head';
  if (!isBodiless || bundle.entries(response, 'content').length === 0) return;
  findings.error('misplaced-body', bundle.places.at(response.value, 'content'), {
    message: `An answer ${method === 'head' ? 'to HEAD' : status} has no body.`,
    hint: 'Remove "content", or answer with another status.',
  });
};

const checkContent = (part: Part, { bundle, findings }: OpenApiContext): void => {
  const seen = new Set<string>();
  for (const [mediaType, media] of bundle.entries(part, 'content')) {
    const position = bundle.places.at(media.value);
    if (!isCarried(mediaType)) {
      findings.error('construct-not-carried', position, {
        message: `Bodies of type ${mediaType} are not carried into code.`,
        hint: 'Use JSON, application/x-www-form-urlencoded, text, or bytes as application/octet-stream.',
      });
    } else if (!Object.hasOwn(media.value, 'schema') && !isBinary(mediaType)) {
      findings.warning('body-without-schema', position, {
        message: `Nothing is said of the body of type ${mediaType}, so that anything passes.`,
        hint: 'Describe it by "schema".',
      });
    }
    const same = mediaType.toLowerCase().replaceAll(/\s/g, '');
    if (seen.has(same)) {
      findings.error('duplicate-media-type', position, {
        message: `${essence(mediaType)} stands here twice.`,
        hint: 'Remove one of the two.',
      });
    }
    seen.add(same);
    if (Object.hasOwn(media.value, 'example') && Object.hasOwn(media.value, 'examples')) {
      findings.error('example-twice', bundle.places.at(media.value, 'example'), {
        message: '"example" and "examples" exclude each other.',
        hint: 'Move the example into "examples".',
      });
    }
    for (const [, { value }] of bundle.entries(media, 'examples')) {
      if (textAt(value, 'externalValue') === undefined) continue;
      findings.warning('construct-not-carried', bundle.places.at(value, 'externalValue'), {
        message: 'An example in another place is not carried into code.',
        hint: 'Write it as "value".',
      });
    }
  }
};
