import { compileProjection } from '../resilience/project-reads.ts';
import type { ClientDefinition, ClientOperation } from '../resilience/client-definition.ts';

interface Given {
  readonly status: unknown;
  readonly body?: unknown;
}

type Call = (request: unknown) => Promise<Given>;

/**
 * Clients that answer what the test says, held against the contract of the called service: an answer that it could not give fails the
 * test. A call that the test gives no answer for fails it, too.
 *
 * @param failed told what is wrong, because a handler might swallow what the call throws
 */
export const stubClients = (
  clients: Readonly<Record<string, ClientDefinition>>,
  stubs: Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>,
  failed: (error: Error) => void,
): Readonly<Record<string, unknown>> => {
  for (const name of Object.keys(stubs)) {
    if (!Object.hasOwn(clients, name)) throw new Error(`the service does not call "${name}": there is nothing to stub`);
  }
  return Object.fromEntries(
    Object.entries(clients).map(([name, client]) => {
      const given = stubs[name] ?? {};
      for (const operation of Object.keys(given)) {
        if (!Object.hasOwn(client.operations, operation))
          throw new Error(`the service does not call ${name}.${operation}: there is nothing to stub`);
      }
      const operations = Object.entries(client.operations).map(([operation, definition]) => [
        operation,
        checked(`${name}.${operation}`, definition, given[operation] as Call | undefined, failed),
      ]);
      return [name, Object.fromEntries(operations) as unknown];
    }),
  );
};

const checked = (
  name: string,
  definition: ClientOperation,
  answer: Call | undefined,
  failed: (error: Error) => void,
): Call => {
  const project = compileProjection(definition.reads);
  return async (request) => {
    const fail = (what: string): never => {
      const error = new Error(what);
      failed(error);
      throw error;
    };
    if (answer === undefined) return fail(`the service called ${name}, which the test does not stub`);
    const given = await answer(request);
    if (given.status === 'unavailable') return given;
    const { validate } = definition;
    const status = String(given.status);
    const range = `${status[0]}XX`;
    const validator = [status, range, range.toLowerCase(), 'default']
      .map((key) => validate[key])
      .find((found) => found !== undefined);
    if (validator === undefined) {
      const known = Object.keys(validate).join(', ');
      return fail(`the stub of ${name} answers ${status}; its contract has ${known}`);
    }
    if (validator(given.body))
      return Number(given.status) < 300
        ? { headers: {}, ...given, body: project(given.body) }
        : { headers: {}, ...given };
    const fault = validator.errors?.[0];
    return fail(
      `the stub of ${name} answers ${status} with a body that its contract does not allow: ${fault?.instancePath || 'it'} ${fault?.message ?? 'is wrong'}`,
    );
  };
};
