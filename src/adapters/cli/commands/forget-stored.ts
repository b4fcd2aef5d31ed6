import { forgetJobs } from '../../../engine/durable/forget-jobs.js';
import { findStored, oldestFirst, prospectsOf, storedPages } from '../../../engine/durable/index.js';
import type { JobStore, JobSummary } from '../../../engine/store/index.js';
import { openJobStore } from '../../../engine/store/open-job-store.js';
import type { JobRecord } from '../../../engine/store/record/job-record.js';
import { defined } from '../../../services/defined.js';
import type { CliIo } from '../cli-io.js';
import { EXIT, type ExitCode } from '../ends/exit-code.js';
import type { ForgetFlags } from '../flags/flags.js';
import { storeAskedFor } from '../jobs/open-store.js';
import { isoTime } from '../say/json-line.js';
import { createOutput } from '../say/output.js';
import { safeLine } from '../say/terminal-safe.js';

/** Whether nothing can be resumed: it has completed or failed, or its result is gone. */
const hasEnded = (job: JobRecord | JobSummary, now: number): boolean => !prospectsOf(job, now).canResume;

interface Asked {
  readonly ids: readonly string[];
  /** Requested jobs that are not removed, with the reason. */
  readonly refused: readonly { readonly id: string; readonly why: string }[];
}

const LIVES = 'has not ended: it may be alive on the server, and only the store knows how to resume it';

async function allEnded(store: JobStore, now: number): Promise<readonly string[]> {
  const ended: JobSummary[] = [];
  for await (const { jobs } of storedPages(store)) ended.push(...jobs.filter((job) => hasEnded(job, now)));
  return ended.sort(oldestFirst).map(({ id }) => id);
}

/** Finds each job by its id in the store or on the server. */
async function askedFor(store: JobStore, ids: readonly string[], now: number): Promise<Asked> {
  if (ids.length === 0) return { ids: await allEnded(store, now), refused: [] };
  const { jobs, unreadable } = await findStored(store, ids);
  const wanted: string[] = [];
  const refused: { id: string; why: string }[] = [];
  for (const id of new Set(ids)) {
    const job = jobs.get(id);
    if (job === undefined) {
      refused.push({
        id,
        why: unreadable.has(id)
          ? `Job ${id} cannot be read: it may be a job that lives`
          : `The store holds no job ${id}`,
      });
    } else if (hasEnded(job, now)) wanted.push(job.id);
    else refused.push({ id, why: `Job ${id} ${LIVES}` });
  }
  return { ids: wanted, refused };
}

/** Removes ended jobs from the store. */
export async function forgetStored(io: CliIo, flags: ForgetFlags, ids: readonly string[]): Promise<ExitCode> {
  const output = createOutput(io, flags.json === true);
  const store = await openJobStore(defined({ path: storeAskedFor(io, flags) }));
  try {
    const now = io.now();
    const asked = await askedFor(store, ids, now);
    const { removed, left } = await forgetJobs(store, asked.ids, (record) => hasEnded(record, io.now()));
    const held = left.map((id) => ({ id, why: `Job ${id} is in use by another process, or has not ended` }));
    const refused = [...asked.refused, ...held];
    const at = isoTime(now);
    for (const id of removed) output.json({ type: 'forgotten', at, id });
    for (const { id, why } of refused) {
      const message = `${why}.`;
      output.json({ type: 'skipped', at, id, message });
      output.last.line(safeLine(message));
    }
    const count = removed.length;
    const message = `${count} ${count === 1 ? 'job' : 'jobs'} forgotten; the server keeps what it has.`;
    output.screen.line(message);
    const exitCode = refused.length > 0 ? EXIT.usage : EXIT.saved;
    if (exitCode === EXIT.saved) output.json({ type: 'completed', at, exitCode, count });
    else
      output.json({
        type: 'error',
        at,
        exitCode,
        count,
        message,
        advice: 'List the jobs with: goal-lane jobs',
      });
    return exitCode;
  } finally {
    await store.close();
  }
}
