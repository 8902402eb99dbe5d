/** What the factory of a handler takes: `NeedsOf<typeof placeOrder>`. A factory without a parameter needs nothing. */
export type NeedsOf<Factory extends (...needs: never) => unknown> =
  Parameters<Factory> extends readonly [infer Needs, ...unknown[]] ? Needs : unknown;
