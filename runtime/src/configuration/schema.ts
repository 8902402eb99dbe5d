/**
 * The settings of a service: one typed schema, one naming rule. The property `holdMinutes` of service `stock-keeping` is read from
 * `STOCK_KEEPING_HOLD_MINUTES`; a secret also from the file named by `STOCK_KEEPING_HOLD_MINUTES_FILE`.
 */
export type ConfigurationSchema = Readonly<Record<string, SettingDefinition>>;

export type SettingDefinition =
  | {
      readonly type: 'string';
      readonly description: string;
      readonly default?: string;
      readonly pattern?: string;
      /** Also read from a file, never printed, and refused in production if it is weak; `url`: a URL that may hold a password. */
      readonly secret?: boolean | 'url';
    }
  | {
      readonly type: 'integer';
      readonly description: string;
      readonly default?: number;
      /** Takes the place of `default` in development. */
      readonly developmentDefault?: number;
      readonly minimum?: number;
      readonly maximum?: number;
    }
  | { readonly type: 'boolean'; readonly description: string; readonly default?: boolean }
  /** ISO 8601 (`PT15M`); given to the service in milliseconds. */
  | {
      readonly type: 'duration';
      readonly description: string;
      readonly default?: string;
      /** Takes the place of `default` in development. */
      readonly developmentDefault?: string;
    };

/** The values that a schema yields. */
export type ConfigurationOf<S extends ConfigurationSchema> = {
  readonly [K in keyof S]: S[K]['type'] extends 'string' ? string : S[K]['type'] extends 'boolean' ? boolean : number;
};
