import { currentContext } from '../observability/context.ts';
import type { Span, SpanEnd, Tracing } from '../observability/tracing.ts';
import type { ClientDefinition, ClientOperation } from './client-definition.ts';

/** Starts a client span for each call of one operation: below whatever runs, or as the first of a trace. */
export const compileClientSpan = (
  { service, basePath }: ClientDefinition,
  operation: ClientOperation,
  baseUrl: string,
  tracing: Tracing,
): (() => Span) => {
  const method = operation.method.toUpperCase();
  const template = basePath + operation.path;
  const target = URL.parse(baseUrl);
  const attributes = {
    'http.request.method': method,
    'url.template': template,
    'server.address': target?.hostname,
    'server.port': target ? Number(target.port) || (target.protocol === 'https:' ? 443 : 80) : undefined,
    'service.peer.name': service,
  };
  const name = `${method} ${template}`;
  return () => tracing.start({ kind: 'client', name, parent: currentContext()?.traceparent, attributes });
};

/** An answer of 400 and above is an error to its caller, also where the contract declares it: so the conventions have it. */
export const clientSpanEnd = (
  answer: { readonly status: number } | { readonly status: 'unavailable'; readonly reason: string },
): SpanEnd => {
  if (answer.status === 'unavailable') return { error: 'reason' in answer ? answer.reason : 'unavailable' };
  const error = answer.status >= 400 ? String(answer.status) : undefined;
  return { error, attributes: { 'http.response.status_code': answer.status } };
};
