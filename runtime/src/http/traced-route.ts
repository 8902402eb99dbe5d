import type { Tracing } from '../observability/tracing.ts';
import type { RouteDefinition } from './contract.ts';
import type { RunRoute } from './run-route.ts';

/** nginx's number for a client that left. */
const CLIENT_CLOSED_REQUEST = 499;

/** The route with a server span around it, from the first byte of the request's head until the answer has left. */
export const tracedRoute = (route: RouteDefinition, run: RunRoute, tracing: Tracing): RunRoute => {
  const method = route.method.toUpperCase();
  const name = `${method} ${route.path}`;
  const attributes = {
    'http.request.method': method,
    'http.route': route.path,
    'url.scheme': 'http',
    'parkwise.operation.id': route.operationId,
  };
  return (exchange, captures) => {
    const { request, response, startedAt } = exchange;
    const span = tracing.start({
      kind: 'server',
      name,
      parent: headerText(request.headers['traceparent']),
      isParentRemote: true,
      startedAt,
      attributes: {
        ...attributes,
        'network.protocol.version': request.httpVersion,
        'parkwise.correlation.id': exchange.correlationId,
      },
    });
    exchange.context.continueAs(span.traceparent);
    response.once('close', () => {
      const status = exchange.sentStatus ?? CLIENT_CLOSED_REQUEST;
      span.end({
        attributes: { 'http.response.status_code': status },
        error: status >= 500 ? String(status) : undefined,
      });
    });
    return run(exchange, captures);
  };
};

const headerText = (value: string | string[] | undefined): string | undefined =>
  typeof value === 'string' ? value : undefined;
