/** Faults of the HTTP side, for tests that have to see themselves fail: see `messaging/sabotage.ts`. */
import type { UnitOfWork } from '../http/unit-of-work.ts';
import type { ServiceTables } from './service-definition.ts';

/** `idempotency-off`: each request is a new one. */
export const forgetKeys = (units: UnitOfWork): UnitOfWork => ({ open: ({ cause }) => units.open({ cause }) });

/** `authorization-off`: whoever shows any token may do everything. */
export const letEverybodyIn = (tables: ServiceTables): ServiceTables => ({
  ...tables,
  routes: tables.routes.map((route) => ({
    ...route,
    roles: undefined as never,
    security: route.security.map((alternative) =>
      Object.fromEntries(Object.keys(alternative).map((scheme) => [scheme, []])),
    ),
  })),
});
