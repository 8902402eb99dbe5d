import { ConfigurationError } from './configuration-error.ts';
import { readSettings } from './read-settings.ts';
import type { ConfigurationOf, ConfigurationSchema } from './schema.ts';

/**
 * The settings of a service, from the environment: setting `holdMinutes` of `stock-keeping` from `STOCK_KEEPING_HOLD_MINUTES`.
 *
 * @throws ConfigurationError that names every variable that is missing or wrong
 */
export const configurationOf = <S extends ConfigurationSchema>(
  schema: S,
  serviceName: string,
  env: Readonly<Record<string, string | undefined>>,
): ConfigurationOf<S> => {
  const { values, faults } = readSettings(schema, serviceName, {
    env,
    production: env['PARKWISE_MODE'] !== 'development',
  });
  if (faults.length > 0) throw new ConfigurationError(faults);
  return values;
};
