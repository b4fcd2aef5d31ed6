import { describe, expect, it } from 'vitest';
import type { PollPick, PollScheduler } from '../../../../src/engine/lane/reads/forecast/poll-scheduler.js';
import { nextRead } from '../../../../src/engine/lane/reads/next-read.js';
import type { PollGovernor } from '../../../../src/engine/lane/reads/poll-governor.js';

const NOW = 1_000_000;

/** What is read next at `NOW`, with these times of the job and of the limit, in ms from now. */
function next(pick: { at: number; dueAt: number } | undefined, limit: { due: number; early: number }) {
  const asked: unknown[] = [];
  const none = (): undefined => undefined;
  const scheduler: PollScheduler = {
    ...{ size: 7, executing: 5, add: none, remove: none, started: none, observe: none, ready: none },
    next: (now, pace): PollPick | undefined => {
      asked.push([now, pace]);
      return pick && { id: 'a', at: NOW + pick.at, dueAt: NOW + pick.dueAt };
    },
  };
  const governor: PollGovernor = {
    ...{ onSend: none, onReply: none, onLost: none, takeOver: none, facts: none },
    nextSendAt(now, executing, use) {
      asked.push([now, executing, use]);
      return NOW + (use === 'due' ? limit.due : limit.early);
    },
    readsPerMs: () => 0.25,
    blockedUntil: () => 0,
    view: () => ({ limit: 60, windowMs: 60_000, kind: 'fixed', share: 1 }),
  };
  const read = nextRead(scheduler, governor, NOW);
  return { at: read && read.at - NOW, id: read?.id, asked };
}

describe('the next read', () => {
  it.each([
    ['a job that is due now, and may be read', { at: 0, dueAt: 0 }, { due: 0, early: 900 }, 0],
    ['a job that is due now, once it may be read', { at: 0, dueAt: 0 }, { due: 300, early: 900 }, 300],
    ['a job that is due later, once it is', { at: 0, dueAt: 700 }, { due: 0, early: 900 }, 700],
    [
      'a job that is due later, before it is, of saved reads',
      { at: 0, dueAt: 700 },
      { due: 0, early: 200 },
      200,
    ],
    ['a job that may not be read yet', { at: 500, dueAt: 700 }, { due: 0, early: 200 }, 500],
    ['a job that was due before', { at: -50, dueAt: -20 }, { due: -90, early: 900 }, -20],
    ['no job', undefined, { due: 0, early: 0 }, undefined],
  ])('is %s', (_, pick, limit, expected) => {
    expect(next(pick, limit).at).toBe(expected);
  });

  it('asks for the pace of the limit, and for the limit with the jobs that execute', () => {
    const { asked, id } = next({ at: 0, dueAt: 700 }, { due: 0, early: 200 });
    expect(asked).toEqual([
      [NOW, 0.25],
      [NOW, 5, 'due'],
      [NOW, 5, 'early'],
    ]);
    expect(id).toBe('a');
  });
});
