import type { ConfigurationSchema } from '@parkwise/runtime';

export const configuration = {
  holdDuration: {
    type: 'duration',
    description: 'How long a booking holds its window without a payment.',
    default: 'PT15M',
  },
  expiryInterval: {
    type: 'duration',
    description: 'How often the service looks for bookings that have not been paid in time.',
    default: 'PT1S',
  },
} as const satisfies ConfigurationSchema;
