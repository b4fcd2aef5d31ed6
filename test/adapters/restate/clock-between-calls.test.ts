import { describe, expect, it } from 'vitest';
import { beginDrive, type DriveHandlers, newDrive } from '../../../src/adapters/restate/job/drive-job.js';
import { emptyLog } from '../../../src/adapters/restate/job/event-log.js';
import { createFleetTraces } from '../../../src/adapters/restate/job/fleet-traces.js';
import type { StoredJob } from '../../../src/adapters/restate/job/stored-record.js';
import { createJobContext } from '../../../src/machines/job-context.js';
import type { Reply } from '../../../src/machines/reply.js';
import type { Failure } from '../../../src/services/failure.js';
import type { Job } from '../../../src/services/wire/wire-types.js';

const HOUR_MS = 3_600_000;
const FIRST_AT = 1_700_000_000_000;

const input = { jobSpecId: 'job_1' };
const pending: Job = { jobSpecId: 'job_1', status: 'pending', statusWord: 'pending', itemVersion: 1 };
const unavailable: Failure = {
  kind: 'server',
  message: 'the server answered 503',
  advice: 'Try again later.',
  delivery: 'unknown',
  status: 503,
};

/** How long the job waits before it confirms again, where the calls of one handler were answered by machines with these clocks. */
async function waitAfter(clocks: readonly number[]): Promise<readonly number[]> {
  const stored: StoredJob = {
    keyId: 'default',
    queue: { priority: 0, order: 0 },
    createdAt: 0,
    waits: {},
    place: 'none',
    mayCreate: false,
    job: { status: 'active', value: {}, context: createJobContext(input), open: [], started: 0 },
  };
  const traces = createFleetTraces(undefined, () => 0, undefined);
  const drive = newDrive(traces, { id: 'a', stored, log: emptyLog, now: 0 });
  const waits: number[] = [];
  let calls = 0;
  const handlers: DriveHandlers = {
    now: async () => FIRST_AT,
    reportsTime: () => true,
    stop: () => undefined,
    async make({ now }, call) {
      if (call.src === 'waitUntil') {
        // Boundary: the chart's own input of this actor.
        const { at } = call.input as { readonly at: number };
        if (at < Number.MAX_SAFE_INTEGER) waits.push(at - now);
        return [];
      }
      const at = FIRST_AT + (clocks[calls] ?? 0);
      calls += 1;
      const reply: Reply<unknown> =
        call.src === 'getJob'
          ? { ok: true, value: pending, at }
          : { ok: false, failure: unavailable, at, random: 0.5 };
      return [{ token: call.token, reply }];
    },
  };
  await beginDrive(drive, input, handlers);
  return waits;
}

// A process that dies between two calls of a handler is followed by another one, whose clock may be any.
describe('the wait after a call that failed before another machine took over the handler', () => {
  it.each([
    ['has the same clock', [0, 10, 20]],
    ['is an hour behind', [0, 10, -HOUR_MS]],
    ['is an hour ahead', [0, 10, HOUR_MS]],
  ])('is no longer than that failure justifies where that machine %s', async (_, clocks) => {
    const [wait = Number.POSITIVE_INFINITY, ...others] = await waitAfter(clocks);
    expect(others).toEqual([]);
    expect(wait).toBeLessThan(1_000);
  });
});
