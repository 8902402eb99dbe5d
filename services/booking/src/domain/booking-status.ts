/** Where a booking stands, and what may follow. */
export const bookingStatuses = ['PENDING_PAYMENT', 'CONFIRMED', 'ACTIVE', 'COMPLETED', 'CANCELLED', 'EXPIRED'] as const;

export type BookingStatus = (typeof bookingStatuses)[number];

const next: Readonly<Record<BookingStatus, readonly BookingStatus[]>> = {
  PENDING_PAYMENT: ['CONFIRMED', 'CANCELLED', 'EXPIRED'],
  CONFIRMED: ['ACTIVE', 'CANCELLED'],
  ACTIVE: ['COMPLETED'],
  COMPLETED: [],
  CANCELLED: [],
  EXPIRED: [],
};

export const mayBecome = (from: BookingStatus, to: BookingStatus): boolean => next[from].includes(to);

/** A booking with one of these keeps everybody else out of its window. */
export const holdingStatuses: readonly BookingStatus[] = ['PENDING_PAYMENT', 'CONFIRMED', 'ACTIVE'];

export const holdsItsWindow = (status: BookingStatus): boolean => holdingStatuses.includes(status);
