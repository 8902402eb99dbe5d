/** Upper snake case of a kebab-case or camelCase name: `stock-keeping` → `STOCK_KEEPING`, `holdMinutes` → `HOLD_MINUTES`. */
export const upperSnake = (name: string): string =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .toUpperCase();

/** The one naming rule: setting `holdMinutes` of `stock-keeping` is `STOCK_KEEPING_HOLD_MINUTES`. */
export const environmentName = (prefix: string, setting: string): string =>
  `${upperSnake(prefix)}_${upperSnake(setting)}`;
