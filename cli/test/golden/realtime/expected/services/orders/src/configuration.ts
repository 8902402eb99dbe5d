import type { ConfigurationSchema } from '@parkwise/runtime/codegen/v1';

/** The service's own settings, by property name. */
export const configuration = {} as const satisfies ConfigurationSchema;
