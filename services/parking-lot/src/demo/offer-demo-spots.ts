import type { Clock, Ids, Tx } from '@parkwise/runtime';
import type { Blocks, Spots } from '../application/ports.ts';
import { blocked } from '../domain/block.ts';
import { offerSpot } from '../domain/spot.ts';
import { valenciaSpots } from './valencia-spots.ts';

export interface DemoNeeds {
  readonly spots: Spots;
  readonly blocks: Blocks;
  readonly clock: Clock;
  readonly ids: Ids;
}

const day = 86_400_000;

/** Offers the spots as their providers would, and blocks a few of them. Returns what a newcomer should know. */
export async function offerDemoSpots({ spots, blocks, clock, ids }: DemoNeeds, tx: Tx): Promise<readonly string[]> {
  const now = clock.now();
  for (const [index, { terms, rating, ...whose }] of valenciaSpots.entries()) {
    const change = offerSpot(terms, { ...whose, now: new Date(now.getTime() - (index + 1) * 60_000) });
    if ('refused' in change) throw new Error(`Demo spot ${whose.id}: ${change.detail}`);
    const spot = { ...change.spot, ...(rating && { rating }) };
    await spots.add(tx, { ...change, spot });
    if (index % 25 !== 7) continue;
    const from = Math.ceil(now.getTime() / day) * day + 2 * day;
    const window = { from, to: from + day };
    const { id: spotId, providerId } = spot;
    const block = { id: ids.next(), spotId, providerId, window, reason: 'Painting the floor', createdAt: now };
    await blocks.add(tx, block);
    await spots.tell(tx, spot, [blocked(block, now)]);
  }
  return [
    `${valenciaSpots.length} parking spots in València, of four providers`,
    'try GET /v1/spots?latitude=39.4699&longitude=-0.3763&radius=1000',
  ];
}
