/** Starts a service as its process would, answers one request, stops, and prints what of OpenTelemetry our code has loaded. */
import { registerHooks } from 'node:module';

const loaded: string[] = [];
registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const isOurs = !/node_modules/.test(context.parentURL ?? '');
    if (isOurs && /@opentelemetry|[/]otlp[/]open-/.test(resolved.url)) loaded.push(resolved.url);
    return resolved;
  },
});
const { startService } = await import('../../../src/process/start-service.ts');
const { testLog } = await import('../../../src/testing/test-log.ts');
const { default: orders } = await import('../../process/fixture/orders/service.ts');
const service = await startService(orders, {
  log: testLog(),
  env: {
    ...process.env,
    PARKWISE_MODE: 'development',
    PARKWISE_PORT: '0',
    PARKWISE_EVENTS_URL: process.env['LOG'],
    PARKWISE_AUDIENCE: 'shop',
    PARKWISE_ISSUER: 'https://id.shop.example',
    PARKWISE_JWKS_URL: 'http://127.0.0.1:1/jwks',
    PARKWISE_TOKEN_URL: 'http://127.0.0.1:1/token',
    PARKWISE_CLIENT_SECRET: 'of a service that calls nobody',
    PARKWISE_URL_STOCK: 'http://127.0.0.1:1',
  },
});
await fetch(`${service.url}/v1/broken`);
await service.stop();
process.stdout.write(JSON.stringify(loaded));
