import type { KillReport } from './kill-rounds.ts';

/** The report in a line. */
export const told = ({ kills, landed, bookings, lost, doubled, forgotten }: KillReport): string =>
  `${kills} kills, ${landed} of them between commit and acknowledgement; ${bookings} bookings committed, ${lost} lost, ${doubled} doubled, ${forgotten} forgotten`;
