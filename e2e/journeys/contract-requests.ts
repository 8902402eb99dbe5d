/** Requests made from the scenarios of examples that a served OpenAPI document holds. */

type Json = Readonly<Record<string, unknown>>;

export interface ContractOperation {
  readonly id: string;
  /** Scopes that let a caller in; undefined where the contract lets everybody in. */
  readonly scopes: readonly string[] | undefined;
  readonly access: { readonly owner?: string; readonly roles?: readonly string[]; readonly foreign?: number };
  readonly pathParameters: readonly string[];
  /** The request of the operation's first scenario. */
  readonly request: ContractRequest;
}

export interface ContractRequest {
  readonly path: Readonly<Record<string, unknown>>;
  readonly query: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
}

const methods = new Set(['get', 'put', 'post', 'delete', 'patch']);

/** Everything that the document lets a client do. */
export const operationsOf = (document: Json): ContractOperation[] => {
  const follow = (value: unknown): Json => {
    const ref = (value as Json | undefined)?.['$ref'];
    if (typeof ref !== 'string') return (value ?? {}) as Json;
    const names = ref
      .slice(2)
      .split('/')
      .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
    return follow(names.reduce<unknown>((place, name) => (place as Json)[name], document));
  };
  const exampleOf = (holder: Json, scenario: string | undefined): unknown => {
    const examples = (holder['examples'] ?? {}) as Json;
    const chosen = (scenario === undefined ? undefined : examples[scenario]) ?? Object.values(examples)[0];
    return follow(chosen)['value'];
  };

  const read = (item: Json, operation: Json): ContractOperation => {
    const parameters = [
      ...((item['parameters'] ?? []) as unknown[]),
      ...((operation['parameters'] ?? []) as unknown[]),
    ].map(follow);
    const content = Object.values((follow(operation['requestBody'])['content'] ?? {}) as Json)[0] as Json | undefined;
    const scenario = [content, ...parameters].flatMap((holder) => Object.keys((holder?.['examples'] ?? {}) as Json))[0];
    const values = (place: string) =>
      Object.fromEntries(
        parameters
          .filter((parameter) => parameter['in'] === place && parameter['required'] === true)
          .map((parameter) => [parameter['name'] as string, exampleOf(parameter, scenario)]),
      );
    const security = (operation['security'] ?? document['security'] ?? []) as Record<string, string[]>[];
    return {
      id: operation['operationId'] as string,
      scopes: security.length === 0 ? undefined : Object.values(security[0] ?? {}).flat(),
      access: (operation['x-parkwise-access'] ?? {}) as ContractOperation['access'],
      pathParameters: Object.keys(values('path')),
      request: {
        path: values('path'),
        query: values('query'),
        // The test kit makes up the key; the example's would be known from an earlier request.
        headers: Object.fromEntries(Object.entries(values('header')).filter(([name]) => name !== 'Idempotency-Key')),
        ...(content && { body: exampleOf(content, scenario) }),
      },
    };
  };

  return Object.values(document['paths'] as Json).flatMap((item) =>
    Object.entries(item as Json)
      .filter(([method]) => methods.has(method))
      .map(([, operation]) => read(item as Json, operation as Json)),
  );
};
