import type { ConfigurationSchema } from '@parkwise/runtime';

/** The service has no settings of its own. */
export const configuration = {} as const satisfies ConfigurationSchema;
