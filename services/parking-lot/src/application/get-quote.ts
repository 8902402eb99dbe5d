import { unavailableReason } from '../domain/availability.ts';
import { longestWindowDays, windowFault } from '../domain/time-window.ts';
import type { GetQuote } from '../generated/operations.ts';
import { instantText } from './instant.ts';
import type { Calendar, Spots } from './ports.ts';
import { pricesDuring } from './prices-during.ts';
import { scheduleOf } from './schedule-of.ts';

type Needs = { readonly spots: Spots; readonly calendar: Calendar };

export const getQuote =
  ({ spots, calendar }: Needs): GetQuote =>
  async ({ path, query, auth, reply }) => {
    const window = { from: Date.parse(query.from), to: Date.parse(query.to) };
    const fault = windowFault(window, longestWindowDays);
    if (fault) return reply.invalidWindow({ detail: fault });
    const spot = await spots.visibleTo(auth.subject, path.spotId);
    if (!spot) return reply.spotNotFound();
    const [price] = await pricesDuring(calendar, [spot], window);
    if (!price) return reply.invalidWindow({ detail: 'So long a window costs more than can be charged at once.' });
    const occupied = await calendar.during([spot.id], window);
    const reason = unavailableReason(scheduleOf(spot, occupied.get(spot.id)), window);
    return reply.ok({
      spotId: spot.id,
      spotVersion: spot.version,
      providerId: spot.providerId,
      from: instantText(window.from),
      to: instantText(window.to),
      available: reason === undefined,
      ...(reason && { unavailableReason: reason }),
      price: price.total,
      breakdown: price.parts.map(({ from, to, ...part }) => ({
        from: instantText(from),
        to: instantText(to),
        ...part,
      })),
      cancellationPolicy: spot.cancellationPolicy,
    });
  };
