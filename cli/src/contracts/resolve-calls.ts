import { didYouMean } from '../source/did-you-mean.ts';
import type { FindingList } from '../source/finding-list.ts';
import type { CallEntry, ServiceEntry } from '../model/workspace-file.ts';
import type { Call } from '../model/workspace.ts';
import { optional } from './bundle/bundle.ts';
import type { LoadedService } from './load-workspace.ts';
import { isJson } from './openapi/media-types.ts';
import { missingPointer } from './schemas/pointer-in-schema.ts';

/** The operations that a service calls, found in the contracts of those who answer. */
export const resolveCalls = (
  entry: ServiceEntry,
  { loaded, findings }: { loaded: readonly LoadedService[]; findings: FindingList },
): readonly Call[] =>
  entry.calls
    .flatMap(
      (call) =>
        resolveCall(call, { called: loaded.find((service) => service.entry.name === call.service), findings }) ?? [],
    )
    .sort((a, b) => order(a.service, b.service) || order(a.operation.id, b.operation.id));

const resolveCall = (
  call: CallEntry,
  { called, findings }: { called: LoadedService | undefined; findings: FindingList },
): Call | undefined => {
  const http = called?.http;
  if (!http) {
    if (!called?.entry.openapi) {
      findings.error('unknown-operation', call.source, {
        message: `"${call.service}" has no OpenAPI document, so that nothing of it can be called.`,
        hint: `Write contracts/openapi/${call.service}.yaml.`,
      });
    }
    return undefined;
  }
  const operation = http.contract.operations.find(({ id }) => id === call.operationId);
  if (!operation) {
    findings.error('unknown-operation', call.source, {
      message: `"${call.service}" has no operation "${call.operationId}".${didYouMean(
        call.operationId,
        http.contract.operations.map(({ id }) => id),
      )}`,
      hint: `Name an operationId of ${http.contract.file}.`,
    });
    return undefined;
  }
  if (called.entry.external && called.entry.url === undefined) {
    findings.warning('external-without-url', called.entry.source, {
      message: `"${call.service}" is external and called, and has no "url".`,
      hint: 'Add "url", or set PARKWISE_URL_<SERVICE> wherever the caller runs.',
    });
  }
  checkReads(call, { http, operation, findings });
  return {
    service: call.service,
    operation,
    contract: http.contract,
    ...optional(
      'reads',
      call.reads?.map(({ pointer }) => pointer),
    ),
    timeoutMs: call.timeoutMs,
    retries: call.retries,
    source: call.source,
  };
};

const checkReads = (
  call: CallEntry,
  {
    http,
    operation,
    findings,
  }: { http: NonNullable<LoadedService['http']>; operation: Call['operation']; findings: FindingList },
): void => {
  if (!call.reads) {
    findings.info('reads-not-declared', call.source, {
      message: `Which fields of ${call.operationId} are read is not declared, so that all of them count as read.`,
      hint: 'List their JSON pointers under "reads": removing any other field then breaks nobody.',
    });
    return;
  }
  const schemas = operation.responses
    .filter(({ status }) => status.startsWith('2'))
    .flatMap(({ content }) =>
      content.flatMap(({ mediaType, schemaPointer }) =>
        isJson(mediaType) && schemaPointer !== undefined ? [schemaPointer] : [],
      ),
    );
  for (const { pointer, source } of call.reads) {
    const missing = schemas.length === 0 ? { step: '', names: [] } : missingEverywhere(http, schemas, pointer);
    if (!missing) continue;
    findings.error('unknown-field-read', source, {
      message: `The answer of ${call.operationId} has nothing at "${pointer}".${didYouMean(missing.step, missing.names)}`,
      hint: `Read what ${http.contract.file} describes, or remove the pointer.`,
    });
  }
};

const missingEverywhere = (
  http: NonNullable<LoadedService['http']>,
  schemas: readonly string[],
  pointer: string,
): ReturnType<typeof missingPointer> => {
  const results = schemas.map((schema) => missingPointer(http.bundle, schema, pointer));
  return results.every((result) => result !== undefined) ? results[0] : undefined;
};

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
