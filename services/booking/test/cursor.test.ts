import t from 'tap';
import { readCursor, writeCursor } from '../src/application/cursor.ts';
import { at } from './a-booking.ts';

const encoded = (text: string): string => Buffer.from(text).toString('base64url');
const id = '018f4a10-5c6d-7e8f-9a0b-3c4d5e6f7a01';

t.test('a cursor leads back to its place', async (t) => {
  const place = { startsAt: at('2037-03-02T09:00:00.123Z'), id };
  t.same(readCursor(writeCursor(place)), place);
  t.match(writeCursor(place), /^[A-Za-z0-9_-]+$/);
});

t.test('the cursor in the contract is one', async (t) => {
  const cursor = 'WyIyMDM3LTAzLTAyVDA5OjAwOjAwWiIsIjAxOGY0YTEwLTVjNmQtN2U4Zi05YTBiLTNjNGQ1ZTZmN2EwMSJd';
  t.same(readCursor(cursor), { startsAt: at('2037-03-02T09:00:00Z'), id });
});

t.test('whatever else is sent is none', async (t) => {
  const others = [
    'made-up',
    '',
    'null',
    '[]',
    '{"length":2}',
    `["2037-03-02T09:00:00Z"]`,
    `["2037-03-02T09:00:00Z","${id}",1]`,
    `["never","${id}"]`,
    `["2037-13-99T09:00:00Z","${id}"]`,
    `["+275760-09-13T00:00:00Z","${id}"]`,
    `[0,"${id}"]`,
    `["2037-03-02T09:00:00Z","' or 1=1"]`,
    `["2037-03-02T09:00:00Z",{"a":1}]`,
  ];
  for (const text of others) t.equal(readCursor(encoded(text)), undefined, text);
  t.equal(readCursor('made-up'), undefined);
});
