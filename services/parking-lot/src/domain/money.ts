/** An amount in minor units of the currency, such as cents: always whole, never negative. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

/** The most that can be asked for at once. */
export const highestAmount = 99_999_999;

/** `numerator / denominator`, rounded half up. For numbers that are not negative. */
export const divideHalfUp = (numerator: bigint, denominator: bigint): number =>
  Number((2n * numerator + denominator) / (2n * denominator));
