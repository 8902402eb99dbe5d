import type { BoundHandlers, Job, ServiceTables } from './service-definition.ts';

/** The definition of a service, whatever its composition root is given and makes: every `ServiceDefinition` fits. */
export interface AnyServiceDefinition {
  readonly tables: ServiceTables;
  readonly compose: (given: never) => unknown;
  readonly bind: (needs: never) => BoundHandlers;
  readonly jobs?: (needs: never, given: never) => readonly Job[];
  readonly demo?: (needs: never, given: never) => Promise<readonly string[]>;
}
