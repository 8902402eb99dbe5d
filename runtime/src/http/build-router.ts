import { Router, type RouterContext, type RouterMiddleware } from '@koa/router';
import type { DefaultState } from 'koa';
import type { HttpContext } from './http-context.ts';
import type { RouteDefinition } from './contract.ts';
import { Problem } from './problem.ts';
import type { RunRoute } from './run-route.ts';

export type HttpRouter = Router<DefaultState, HttpContext>;

/** What a layer of the router runs, told apart from other middleware by the matcher. */
export interface RouteMiddleware extends RouterMiddleware<DefaultState, HttpContext> {
  readonly runRoute: RunRoute;
  readonly operationId: string;
}

/** The contract's paths as @koa/router knows them. */
export const buildRouter = (
  routes: readonly RouteDefinition[],
  compile: (route: RouteDefinition) => RunRoute,
): HttpRouter => {
  const router: HttpRouter = new Router<DefaultState, HttpContext>({ sensitive: true, strict: true });
  for (const route of routes.toSorted(byPrecedence)) {
    const runRoute = compile(route);
    const { operationId } = route;
    const middleware = async (ctx: RouterContext<DefaultState, HttpContext>): Promise<void> => {
      ctx.exchange.operationId = operationId;
      ctx.exchange.answer = await runRoute(ctx.exchange, (ctx as { captures?: string[] }).captures ?? []);
    };
    router.register(
      routerPath(route.path),
      [route.method.toUpperCase()],
      Object.assign(middleware, { runRoute, operationId }),
      {
        sensitive: true,
        strict: true,
      },
    );
  }
  return router;
};

/** A path of the contract in the router's syntax. Parameters are numbered: their names need not be identifiers there. */
const routerPath = (template: string): string => {
  let index = 0;
  return template.replaceAll(/(\{[^{}]+\})|([{}()[\]+?!*:\\])|([^\x21-\x7e]+)/g, (found, parameter, special) => {
    if (parameter !== undefined) return `:"p${index++}"`;
    // Over the wire, what is not ASCII comes percent-encoded.
    return special === undefined ? encodeURIComponent(found.toWellFormed()) : `\\${found}`;
  });
};

/** Concrete paths before templated ones (OpenAPI 3.1, Paths Object), and a HEAD of its own before that of GET. */
const byPrecedence = (a: RouteDefinition, b: RouteDefinition): number => {
  const left = a.path.split('/');
  const right = b.path.split('/');
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const difference = openness(left[index] ?? '') - openness(right[index] ?? '');
    if (difference !== 0) return difference;
  }
  return Number(b.method === 'head') - Number(a.method === 'head');
};

/** 0 for a literal segment; among templated ones, the more literal text the fewer match. */
const openness = (segment: string): number =>
  segment.includes('{') ? 1000 - segment.replaceAll(/\{[^{}]+\}/g, '').length : 0;

/** After the router has found no route: 204 to OPTIONS, 405 where the path has other methods, 404. */
export const answerUnrouted = (
  ctx: HttpContext & { readonly matched?: readonly { readonly methods: readonly string[] }[] },
): void => {
  const { exchange } = ctx;
  const methods = new Set((ctx.matched ?? []).flatMap((layer) => layer.methods));
  if (methods.size === 0) throw new Problem('not-found');
  const allow = [...methods.add('OPTIONS')].toSorted().join(', ');
  if (exchange.method !== 'OPTIONS') throw new Problem('method-not-allowed', { headers: { allow } });
  exchange.answer = { status: 204, headers: { allow } };
};
