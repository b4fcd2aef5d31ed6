import { describe, expect, it } from 'vitest';
import { atDesk, informedDesk, openKeyDesk } from '../../../src/adapters/restate/key/key-desk.js';
import type { DeskEvent } from '../../../src/engine/lane/starts/desk-events.js';

const PLACES = 30;
const HOUR_MS = 3_600_000;

const turn = (index: number, withCreate = true): DeskEvent => ({
  type: 'turn',
  call: `call ${index}`,
  jobId: `job ${index}`,
  ...{ priority: 0, order: index, withCreate },
});
const arrived = (index: number): readonly DeskEvent[] => [
  { type: 'createEnded', call: `call ${index}` },
  { type: 'arrived', jobId: `job ${index}` },
];

/** A key's desk that answers one message after another; returns the calls whose place and create are granted. */
function deskOf(places: number) {
  let desk = openKeyDesk({ hint: places });
  const take = (events: readonly DeskEvent[]) => {
    const outcome = atDesk(desk, events, 0);
    desk = outcome.state;
    return outcome.grants.map(({ call, withCreate }) => `${call}${withCreate ? '' : ' (place alone)'}`);
  };
  return {
    take,
    /** The reply to a create says how many creations remain. */
    reply(index: number, remaining: number) {
      const creations = { remaining, resetInMs: HOUR_MS, shutForMs: remaining === 0 ? HOUR_MS : 0 };
      desk = informedDesk(desk, { creations, isCreateKnown: true }, 0).desk;
      return take(arrived(index));
    },
  };
}

describe('a place that is granted together with the create', () => {
  it('goes to one job while nothing is known of the creations, then to as many as may create at once', () => {
    const desk = deskOf(PLACES);
    expect([0, 1, 2, 3, 4, 5].flatMap((index) => desk.take([turn(index)]))).toEqual(['call 0']);
    expect(desk.reply(0, 1_000)).toEqual(['call 1', 'call 2', 'call 3']);
    expect(desk.reply(2, 999)).toEqual(['call 4']);
  });

  it.each(['arrived', 'released'] as const)(
    'is given back when its job has %s, whatever its worker reports',
    (type) => {
      const desk = deskOf(PLACES);
      const asks = (jobId: string): DeskEvent => ({
        type: 'turn',
        call: `1/${jobId}`,
        jobId,
        ...{ priority: 0, order: 0, withCreate: true },
      });
      // Of a worker of an older release, which does not report the end of a create.
      expect(desk.take([asks('a/job')])).toEqual(['1/a/job']);
      expect(desk.take([asks('waiting')])).toEqual([]);
      expect(desk.take([{ type, jobId: 'job' }])).toEqual([]);
      expect(desk.take([{ type, jobId: 'a/job' }])).toEqual(['1/waiting']);
    },
  );

  it('goes to no more jobs than creations remain', () => {
    const desk = deskOf(PLACES);
    for (const index of [0, 1, 2, 3]) desk.take([turn(index)]);
    expect(desk.reply(0, 2)).toEqual(['call 1', 'call 2']);
    expect(desk.reply(1, 1)).toEqual([]);
    expect(desk.reply(2, 0)).toEqual([]);
  });

  it('returns with a create that was not sent, or whose job is gone', () => {
    const desk = deskOf(PLACES);
    for (const index of [0, 1, 2]) desk.take([turn(index)]);
    // Detached while it waited, and while it was granted.
    expect(
      desk.take([
        { type: 'leave', call: 'call 1' },
        { type: 'createEnded', call: 'call 1' },
      ]),
    ).toEqual([]);
    expect(
      desk.take([
        { type: 'leave', call: 'call 0' },
        { type: 'createEnded', call: 'call 0' },
      ]),
    ).toEqual(['call 2']);
  });

  it('holds up nothing for a job that asks for its create later', () => {
    const desk = deskOf(PLACES);
    expect(desk.take([turn(0, false)])).toEqual(['call 0 (place alone)']);
    expect(desk.take([turn(1)])).toEqual(['call 1']);
    expect(desk.take([turn(2, false)])).toEqual(['call 2 (place alone)']);
  });
});
