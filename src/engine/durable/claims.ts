import type { Lease } from '../store/lease/job-lease.js';
import type { LeaseKeeper, Taken } from './lease-keeper.js';
import type { RecordedJob } from './recorded-job.js';
import { inParts } from './resumable-jobs.js';
import type { StoredJobHandle } from './stored-handle.js';
import { StoredJobError } from './stored-job-error.js';
import type { ResumedJobs } from './stored-jobs.js';
import { TimeSlice } from './time-slice.js';

/** Leases taken in one step. */
const LEASES = 500;

/** Runs one operation at a time on each job, and only under its lease. */
export interface Claims {
  /** Releases the lease if the work fails. */
  with<Result>(id: string, work: (lease: Lease) => Promise<Result>): Promise<Result>;
  withMany(
    ids: readonly string[],
    work: (id: string, lease: Lease) => Promise<StoredJobHandle>,
  ): Promise<ResumedJobs>;
  /** Refuses new operations; resolves when the running ones are done. */
  close(): Promise<void>;
}

/** Allows one operation at a time on a job. */
function createTurnstile(running: ReadonlyMap<string, RecordedJob>) {
  const busy = new Set<string>();
  const underWay = new Set<Promise<unknown>>();
  let isClosed = false;
  return {
    refusal(id: string): StoredJobError | undefined {
      if (isClosed) return new StoredJobError('closed', id, 'The stored jobs are closed.');
      if (!busy.has(id) && !running.has(id)) return undefined;
      return new StoredJobError('running', id, `Job ${id} is driven by this process already.`);
    },
    isClosed: () => isClosed,
    /** Blocks other operations on these jobs meanwhile; closing waits for it. */
    async alone<Result>(ids: readonly string[], work: () => Promise<Result>): Promise<Result> {
      for (const id of ids) busy.add(id);
      const done = work();
      underWay.add(done);
      try {
        return await done;
      } finally {
        underWay.delete(done);
        for (const id of ids) busy.delete(id);
      }
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(underWay);
    },
  };
}

type Turnstile = ReturnType<typeof createTurnstile>;

const noAnswer = (id: string): StoredJobError => new StoredJobError('held', id, 'The store gave no answer.');

async function underLease<Result>(
  leases: LeaseKeeper,
  taken: Lease | StoredJobError,
  work: (lease: Lease) => Promise<Result>,
): Promise<Result> {
  if (taken instanceof StoredJobError) throw taken;
  try {
    return await work(taken);
  } catch (error) {
    await leases.release(taken).catch(() => undefined);
    throw error;
  }
}

const settled = (
  taken: Taken | undefined,
  id: string,
): Lease | Promise<Lease | StoredJobError> | StoredJobError => {
  if (taken === undefined) return noAnswer(id);
  return 'settled' in taken ? taken.settled : taken;
};

/** A refused job does not stop the others. Jobs that another process may still drive come last. */
async function eachUnderLease(
  leases: LeaseKeeper,
  turnstile: Turnstile,
  ids: readonly string[],
  work: (id: string, lease: Lease) => Promise<StoredJobHandle>,
): Promise<ResumedJobs> {
  const handles: StoredJobHandle[] = [];
  const refused: { id: string; error: unknown }[] = [];
  const taken: Taken[] = [];
  await inParts(ids, LEASES, async (part) => taken.push(...(await leases.take(part))));
  const asked = ids.map((id, index) => ({ id, taken: taken[index] }));
  const isDoubtful = (one: (typeof asked)[number]): boolean =>
    one.taken !== undefined && 'settled' in one.taken;
  const inOrder = [...asked.filter((one) => !isDoubtful(one)), ...asked.filter(isDoubtful)];
  const slice = new TimeSlice();
  for (const { id, taken: mine } of inOrder) {
    await slice.pause();
    try {
      const answer = turnstile.isClosed() ? turnstile.refusal(id) : await settled(mine, id);
      handles.push(await underLease(leases, answer ?? noAnswer(id), (lease) => work(id, lease)));
    } catch (error) {
      refused.push({ id, error });
    }
  }
  return { handles, refused };
}

export function createClaims(leases: LeaseKeeper, running: ReadonlyMap<string, RecordedJob>): Claims {
  const turnstile = createTurnstile(running);
  return {
    async with(id, work) {
      const refused = turnstile.refusal(id);
      if (refused) throw refused;
      return turnstile.alone([id], async () => {
        const [taken] = await leases.take([id]);
        return underLease(leases, await settled(taken, id), work);
      });
    },
    async withMany(ids, work) {
      const asked = [...new Set(ids)].map((id) => ({ id, error: turnstile.refusal(id) }));
      const free = asked.filter(({ error }) => error === undefined).map(({ id }) => id);
      const { handles, refused } = await turnstile.alone(free, () =>
        eachUnderLease(leases, turnstile, free, work),
      );
      return { handles, refused: [...asked.filter(({ error }) => error !== undefined), ...refused] };
    },
    close: turnstile.close,
  };
}
