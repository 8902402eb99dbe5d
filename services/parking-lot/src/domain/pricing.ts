import { divideHalfUp, highestAmount } from './money.ts';
import type { Money } from './money.ts';
import type { TimeWindow } from './time-window.ts';
import { clockPieces, covers, isForward } from './wall-clock.ts';
import type { WeeklyPeriod } from './wall-clock.ts';

/** Another price at certain times of the week: the base price times `percent`. */
export interface PricingRule extends WeeklyPeriod {
  readonly percent: number;
}

/** Another price when spots nearby are scarce. */
export interface DemandPricing {
  /** From which share of the spots nearby, taken at some time of the window. */
  readonly occupancyPercent: number;
  readonly percent: number;
}

export interface Pricing {
  readonly basePricePerHour: Money;
  /** Where several fit, the first counts. */
  readonly rules?: readonly PricingRule[];
  readonly demand?: DemandPricing;
}

/** How many listed spots there are around, and how many of them are booked at some time of the window. */
export interface Occupancy {
  readonly spots: number;
  readonly taken: number;
}

/** A piece of the window throughout which the price is the same. */
export interface PricePart extends TimeWindow {
  readonly percent: number;
  readonly pricePerHour: Money;
  readonly amount: Money;
}

export interface Price {
  readonly total: Money;
  readonly parts: readonly PricePart[];
}

/** Why the pricing contradicts itself; undefined if it does not. */
export function pricingFault({ basePricePerHour, rules = [], demand }: Pricing): string | undefined {
  if (!rules.every(isForward)) return 'A rule has to end after it starts, on the same day.';
  const highest = Math.max(100, ...rules.map((rule) => rule.percent));
  const hour = perHour(basePricePerHour.amount, withDemand(highest, demand?.percent ?? 100));
  return hour > highestAmount ? 'With its rules and demand, an hour would cost more than can be charged.' : undefined;
}

/** Whether spots nearby are scarce enough for the demand price. */
export const isScarce = (demand: DemandPricing, { spots, taken }: Occupancy): boolean =>
  spots > 0 && taken * 100 >= demand.occupancyPercent * spots;

/**
 * What the window costs: base price × percent × time, exact to the millisecond, the sum rounded half up to minor units. Percent
 * is the first rule that fits (100 if none does) times the demand percent, itself rounded half up to a whole percent. The amounts
 * of the parts are differences of rounded running sums, so that they add up to the total. Undefined if it is more than can be charged.
 */
export function priceOf(
  pricing: Pricing,
  { zone, window, scarce }: { readonly zone: string; readonly window: TimeWindow; readonly scarce: boolean },
): Price | undefined {
  const { amount: base, currency } = pricing.basePricePerHour;
  const parts: PricePart[] = [];
  let [cost, charged] = [0n, 0];
  for (const { from, to, percent } of percentPieces(pricing, { zone, window, scarce })) {
    cost += BigInt(base) * BigInt(percent) * BigInt(to - from);
    const sum = divideHalfUp(cost, 100n * 3_600_000n);
    const amount = { amount: sum - charged, currency };
    parts.push({ from, to, percent, pricePerHour: { amount: perHour(base, percent), currency }, amount });
    charged = sum;
  }
  return charged > highestAmount ? undefined : { total: { amount: charged, currency }, parts };
}

function percentPieces(
  { rules = [], demand }: Pricing,
  { zone, window, scarce }: { readonly zone: string; readonly window: TimeWindow; readonly scarce: boolean },
): (TimeWindow & { readonly percent: number })[] {
  const merged: { from: number; to: number; percent: number }[] = [];
  for (const piece of clockPieces(zone, window, rules)) {
    const rule = rules.find((candidate) => covers(candidate, piece));
    const percent = withDemand(rule?.percent ?? 100, scarce ? (demand?.percent ?? 100) : 100);
    const last = merged.at(-1);
    if (last?.percent === percent) last.to = piece.to;
    else merged.push({ from: piece.from, to: piece.to, percent });
  }
  return merged;
}

const withDemand = (percent: number, demandPercent: number): number =>
  divideHalfUp(BigInt(percent) * BigInt(demandPercent), 100n);

const perHour = (base: number, percent: number): number => divideHalfUp(BigInt(base) * BigInt(percent), 100n);
