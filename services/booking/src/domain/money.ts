/** An amount in minor units of its currency (cents), never a fraction of one. */
export interface Money {
  readonly amount: number;
  /** ISO 4217. */
  readonly currency: string;
}

export const isSameMoney = (one: Money, other: Money): boolean =>
  one.amount === other.amount && one.currency === other.currency;

/**
 * A whole percentage of an amount, rounded half up to minor units: 50 % of 5 is 3. Calculated in integers: the largest product,
 * 100 times the contract's largest amount, is far below 2^53.
 */
export function percentOf({ amount, currency }: Money, percent: number): Money {
  const hundredths = amount * percent + 50;
  return { amount: (hundredths - (hundredths % 100)) / 100, currency };
}
