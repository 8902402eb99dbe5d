import { checkAcknowledged } from './check-acknowledged.ts';
import { checkAnnouncements, checkEffects, checkOrder } from './check-announcements.ts';
import { checkBookings, checkHolds } from './check-bookings.ts';
import type { Evidence } from './evidence.ts';

/** What a promise can be broken by; each is found in a doctored history by a test. */
export type ViolationKind =
  | 'double-booking'
  | 'held-too-long'
  | 'confirmed-too-late'
  | 'acknowledged-missing'
  | 'acknowledged-otherwise'
  | 'refused-yet-there'
  | 'refused-by-itself'
  | 'one-key-two-bookings'
  | 'nobody-asked'
  | 'payment-lost'
  | 'not-announced'
  | 'announced-twice'
  | 'announced-never-happened'
  | 'out-of-order'
  | 'several-partitions'
  | 'effect-missing'
  | 'effect-otherwise';

export interface Violation {
  readonly kind: ViolationKind;
  readonly text: string;
}

export interface CheckSettings {
  /** How late the end of a hold may be noticed: the service looks for them from time to time. */
  readonly slackMs: number;
}

/** All that the evidence proves to be wrong. What a client was not told for sure may have happened or not. */
export const checkHistory = (evidence: Evidence, settings: CheckSettings): readonly Violation[] => [
  ...checkBookings(evidence, settings),
  ...checkHolds(evidence, settings),
  ...checkAcknowledged(evidence),
  ...checkAnnouncements(evidence),
  ...checkOrder(evidence),
  ...checkEffects(evidence),
];
