import t from 'tap';
import { slots, unavailableReason } from '../src/domain/availability.ts';
import type { Schedule } from '../src/domain/availability.ts';
import { openingHoursFault } from '../src/domain/opening-hours.ts';
import { windowFault } from '../src/domain/time-window.ts';

const span = (from: string, to: string) => ({ from: Date.parse(`${from}:00Z`), to: Date.parse(`${to}:00Z`) });
const always: Schedule = { zone: 'Europe/Madrid', opening: {}, blocks: [], bookings: [] };
const shown = (schedule: Schedule, from: string, to: string) =>
  slots(schedule, span(from, to)).map((slot) => [
    new Date(slot.from).toISOString().slice(5, 16),
    new Date(slot.to).toISOString().slice(5, 16),
    slot.state,
  ]);

t.test('a spot that is always open and that nobody has booked is free', async (t) => {
  t.strictSame(shown(always, '2026-03-02T06:00', '2026-03-02T12:00'), [['03-02T06:00', '03-02T12:00', 'FREE']]);
});

t.test('the whole window is covered once, in order, and equal neighbours are one piece', async (t) => {
  const schedule: Schedule = {
    ...always,
    opening: { weekly: [{ days: ['MON'], from: '07:00', to: '22:00' }] },
    bookings: [
      span('2026-03-02T11:00', '2026-03-02T12:00'),
      span('2026-03-02T09:00', '2026-03-02T10:00'),
      span('2026-03-02T10:00', '2026-03-02T11:00'),
    ],
    blocks: [span('2026-03-02T15:00', '2026-03-03T15:00')],
  };
  t.strictSame(shown(schedule, '2026-03-02T04:00', '2026-03-02T23:30'), [
    ['03-02T04:00', '03-02T06:00', 'CLOSED'],
    ['03-02T06:00', '03-02T09:00', 'FREE'],
    ['03-02T09:00', '03-02T12:00', 'BOOKED'],
    ['03-02T12:00', '03-02T15:00', 'FREE'],
    ['03-02T15:00', '03-02T21:00', 'BLOCKED'],
    ['03-02T21:00', '03-02T23:30', 'CLOSED'],
  ]);
});

t.test('closed comes before blocked, blocked before booked', async (t) => {
  const schedule: Schedule = {
    ...always,
    opening: { weekly: [{ days: ['MON'], from: '10:00', to: '12:00' }] },
    blocks: [span('2026-03-02T10:00', '2026-03-02T13:00')],
    bookings: [span('2026-03-02T08:00', '2026-03-02T11:00')],
  };
  t.strictSame(shown(schedule, '2026-03-02T08:00', '2026-03-02T12:00'), [
    ['03-02T08:00', '03-02T09:00', 'CLOSED'],
    ['03-02T09:00', '03-02T10:00', 'BOOKED'],
    ['03-02T10:00', '03-02T11:00', 'BLOCKED'],
    ['03-02T11:00', '03-02T12:00', 'CLOSED'],
  ]);
  t.equal(unavailableReason(schedule, span('2026-03-02T08:00', '2026-03-02T09:30')), 'closed');
  t.equal(unavailableReason(schedule, span('2026-03-02T09:00', '2026-03-02T11:00')), 'blocked');
  t.equal(unavailableReason(schedule, span('2026-03-02T09:00', '2026-03-02T10:00')), 'booked');
});

t.test('windows that only touch a booking or the closing time can be had', async (t) => {
  const schedule: Schedule = {
    ...always,
    opening: { weekly: [{ days: ['MON'], from: '08:00', to: '14:00' }] },
    bookings: [span('2026-03-02T09:00', '2026-03-02T10:00')],
  };
  t.equal(unavailableReason(schedule, span('2026-03-02T10:00', '2026-03-02T13:00')), undefined);
  t.equal(unavailableReason(schedule, span('2026-03-02T07:00', '2026-03-02T09:00')), undefined);
  t.equal(unavailableReason(schedule, span('2026-03-02T12:00', '2026-03-02T13:01')), 'closed');
  t.equal(unavailableReason(schedule, span('2026-03-02T09:59', '2026-03-02T11:00')), 'booked');
});

t.test('hours until 24:00 and from 00:00 make a night without a gap', async (t) => {
  const opening = {
    weekly: [
      { days: ['FRI' as const], from: '20:00', to: '24:00' },
      { days: ['SAT' as const], from: '00:00', to: '04:00' },
    ],
  };
  t.strictSame(shown({ ...always, opening }, '2026-03-06T18:00', '2026-03-07T04:00'), [
    ['03-06T18:00', '03-06T19:00', 'CLOSED'],
    ['03-06T19:00', '03-07T03:00', 'FREE'],
    ['03-07T03:00', '03-07T04:00', 'CLOSED'],
  ]);
});

t.test('on the day the clocks change, hours are those of the clock', async (t) => {
  const opening = { weekly: [{ days: ['SUN' as const], from: '01:00', to: '04:00' }] };
  t.strictSame(shown({ ...always, opening }, '2026-03-28T23:00', '2026-03-29T05:00'), [
    ['03-28T23:00', '03-29T00:00', 'CLOSED'],
    ['03-29T00:00', '03-29T02:00', 'FREE'],
    ['03-29T02:00', '03-29T05:00', 'CLOSED'],
  ]);
  t.strictSame(shown({ ...always, opening }, '2026-10-24T22:00', '2026-10-25T05:00'), [
    ['10-24T22:00', '10-24T23:00', 'CLOSED'],
    ['10-24T23:00', '10-25T03:00', 'FREE'],
    ['10-25T03:00', '10-25T05:00', 'CLOSED'],
  ]);
});

t.test('seasons are days of the calendar there, both ends included', async (t) => {
  const opening = { seasons: [{ firstDay: '2026-06-01', lastDay: '2026-06-02' }] };
  t.strictSame(shown({ ...always, opening }, '2026-05-31T12:00', '2026-06-03T12:00'), [
    ['05-31T12:00', '05-31T22:00', 'CLOSED'],
    ['05-31T22:00', '06-02T22:00', 'FREE'],
    ['06-02T22:00', '06-03T12:00', 'CLOSED'],
  ]);
});

t.test('opening hours that contradict themselves are refused', async (t) => {
  const hours = (from: string, to: string) => ({ days: ['MON' as const, 'TUE' as const], from, to });
  t.match(openingHoursFault({ weekly: [hours('22:00', '07:00')] }), /end after they start/);
  t.match(openingHoursFault({ weekly: [hours('09:00', '12:00'), hours('08:00', '09:01')] }), /overlap/);
  t.equal(openingHoursFault({ weekly: [hours('09:00', '12:00'), hours('08:00', '09:00')] }), undefined);
  t.match(openingHoursFault({ seasons: [{ firstDay: '2026-06-02', lastDay: '2026-06-01' }] }), /season/);
  t.equal(openingHoursFault({}), undefined);
});

t.test('windows that make no sense are refused', async (t) => {
  const fault = (from: string, to: string) => windowFault({ from: Date.parse(from), to: Date.parse(to) }, 31);
  t.match(fault('2026-03-02T11:00:00Z', '2026-03-02T09:00:00Z'), /end after/);
  t.match(fault('2026-03-02T11:00:00Z', '2026-03-02T11:00:00Z'), /end after/);
  t.match(fault('2026-03-02T11:00:00Z', '2026-04-02T11:00:01Z'), /31 days/);
  t.equal(fault('2026-03-02T11:00:00Z', '2026-04-02T11:00:00Z'), undefined);
  t.match(fault('0001-03-02T11:00:00Z', '0001-03-02T12:00:00Z'), /2000/);
  t.match(fault('2016-12-31T23:59:60Z', '2017-01-01T01:00:00Z'), /moment/);
});
