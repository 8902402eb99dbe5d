/** What clients write down is what is read, also after they were cut off; and the proof reads real databases and a real log. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { readHistory, writeHistory } from './history.ts';

const inFolder = async (work: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'history-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

t.test('a call that was never answered is of unknown outcome', (t) =>
  inFolder(async (folder) => {
    const history = writeHistory(join(folder, 'history.jsonl'));
    const first = history.asked({ op: 'cancel', bookingId: 'a' });
    history.asked({ op: 'cancel', bookingId: 'b' });
    history.told(first, { outcome: 'done', bookingId: 'a' });
    t.match(readHistory(history.file), [
      { number: 1, request: { bookingId: 'a' }, told: { outcome: 'done' } },
      { number: 2, request: { bookingId: 'b' }, told: { outcome: 'unknown' } },
    ]);
  }),
);

t.test('an answer to nothing is no history', (t) =>
  inFolder(async (folder) => {
    const history = writeHistory(join(folder, 'history.jsonl'));
    history.told(7, { outcome: 'done', bookingId: 'a' });
    t.throws(() => readHistory(history.file), /answered and never asked/);
  }),
);
