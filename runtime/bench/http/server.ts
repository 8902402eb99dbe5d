/** One peer in a process of its own: `server.ts bare|fastify|parkwise|secured`. Says its port, and a token if it wants one, to its parent. */
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { RouteDefinition, Validator } from '../../src/http/contract.ts';
import { createHttpApplication } from '../../src/http/create-http-application.ts';
import { createLogger } from '../../src/observability/create-logger.ts';
import { createMetrics } from '../../src/observability/metrics.ts';
import type { OperationHandler } from '../../src/process/service-definition.ts';
import { createVerifier } from '../../src/security/create-verifier.ts';
import { openDevelopmentIssuer } from '../../src/security/development-issuer.ts';
import { serveDevelopmentIssuer } from '../../src/security/serve-development-issuer.ts';
import type { TokenVerifier } from '../../src/security/verified-token.ts';
import { addLines, answerSchema, bodySchema, calledPath, paths, pathSchema, querySchema } from './workload.ts';

type Input = Parameters<typeof addLines>[2];

const serveBare = async (): Promise<number> => {
  const routes = paths.map(({ method, path }) => ({
    method: method.toUpperCase(),
    expression: new RegExp(`^${path.replaceAll('{orderId}', '([^/]+)')}$`),
    isCalled: path === calledPath,
  }));
  const server = createServer((request, response) => {
    const url = request.url ?? '/';
    const at = url.indexOf('?');
    const path = at < 0 ? url : url.slice(0, at);
    for (const { method, expression, isCalled } of routes) {
      if (method !== request.method) continue;
      const found = expression.exec(path);
      if (!found || !isCalled) continue;
      const query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const input = JSON.parse(Buffer.concat(chunks).toString()) as Input;
        const text = JSON.stringify(addLines(decodeURIComponent(found[1] ?? ''), Number(query.get('limit')), input));
        response.writeHead(201, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
        response.end(text);
      });
      return;
    }
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};

const serveFastify = async (): Promise<number> => {
  const { default: fastify } = await import('fastify');
  const app = fastify();
  for (const { method, path } of paths) {
    const url = path.replaceAll('{orderId}', ':orderId');
    if (path !== calledPath) app.route({ method: method.toUpperCase() as 'GET', url, handler: async () => ({}) });
    else {
      app.post<{ Params: { orderId: string }; Querystring: { limit: number }; Body: Input }>(
        url,
        { schema: { params: pathSchema, querystring: querySchema, body: bodySchema, response: { 201: answerSchema } } },
        async ({ params, query, body }, reply) => reply.code(201).send(addLines(params.orderId, query.limit, body)),
      );
    }
  }
  await app.listen({ port: 0, host: '127.0.0.1' });
  return (app.server.address() as AddressInfo).port;
};

const serveParkwise = async (secured: { tokens: TokenVerifier } | undefined): Promise<number> => {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const formats = (await import('ajv-formats')).default as unknown as (ajv: unknown, options: object) => void;
  const ajv = new Ajv2020({ ownProperties: true });
  formats(ajv, { mode: 'fast' });
  const validator = (schema: object) => ajv.compile(schema) as unknown as Validator;
  const scalar = (type: 'string' | 'integer' | 'boolean') => ({ kind: 'scalar', types: [type] }) as const;
  const json = (schema: object) => ({ headers: {}, content: { 'application/json': { validate: validator(schema) } } });
  const routes = paths.map(({ method, path }, index): RouteDefinition => {
    const isCalled = path === calledPath;
    return {
      operationId: `operation${index}`,
      method,
      path,
      security: secured ? [{ bearer: ['orders:write'] }] : [],
      parameters: [
        ...(path.includes('{')
          ? [
              {
                name: 'orderId',
                in: 'path',
                required: true,
                style: 'simple',
                explode: false,
                shape: scalar('string'),
              } as const,
            ]
          : []),
        { name: 'limit', in: 'query', required: false, style: 'form', explode: true, shape: scalar('integer') },
        { name: 'expand', in: 'query', required: false, style: 'form', explode: true, shape: scalar('boolean') },
      ],
      validate: { path: validator(pathSchema), query: validator(querySchema) },
      ...(isCalled && {
        body: { required: true, content: { 'application/json': { validate: validator(bodySchema) } } },
      }),
      responses: { '201': json(answerSchema) },
      replies: { created: { status: 201, contentType: 'application/json' } },
    };
  });
  const handle = (async ({
    path,
    query,
    body,
    reply,
  }: {
    path: { orderId: string };
    query: { limit: number };
    body: Input;
    reply: { created: (body: unknown) => never };
  }) => reply.created(addLines(path.orderId, query.limit, body))) as unknown as OperationHandler;
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  const app = createHttpApplication({
    tables: { name: 'orders', routes, securitySchemes: { bearer: { kind: 'bearer' } }, documents: {} },
    operations: Object.fromEntries(routes.map(({ operationId }) => [operationId, handle])),
    unitOfWork: { open: () => ({ outcome: 'fresh', commit: () => Promise.reject(new Error('no database here')) }) },
    log: secured
      ? createLogger({ service: 'orders', destination: pino.destination({ dest: '/dev/null', sync: true }) })
      : silent,
    metrics: createMetrics({ service: 'orders' }),
    clock: { now: () => new Date() },
    ids: { next: () => crypto.randomUUID() },
    ...secured,
  });
  const { port } = await app.listen(0, '127.0.0.1');
  app.state.phase = 'ready';
  return port;
};

const serveSecured = async (): Promise<{ port: number; token: string }> => {
  const names = { issuer: 'http://issuer.test', audience: 'orders' };
  const issuer = await openDevelopmentIssuer({ directory: mkdtempSync(join(tmpdir(), 'bench-issuer-')), ...names });
  const served = await serveDevelopmentIssuer({ issuer, clients: [], port: 0 });
  const tokens = createVerifier({
    mode: 'development',
    developmentIssuer: { ...names, jwksUrl: served.jwksUrl },
    clock: { now: () => new Date() },
  });
  return {
    port: await serveParkwise({ tokens }),
    token: await issuer.mint({ subject: 'somebody', scopes: ['orders:write'] }),
  };
};

const peers: Record<string, () => Promise<number | { port: number; token: string }>> = {
  bare: serveBare,
  fastify: serveFastify,
  parkwise: () => serveParkwise(undefined),
  secured: serveSecured,
};

const served = await peers[process.argv[2] ?? '']?.();
process.send?.(typeof served === 'number' ? { port: served } : served);
process.once('disconnect', () => process.exit(0));
