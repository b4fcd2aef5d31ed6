import { prospectsOf } from '../../../engine/durable/index.js';
import type { JobListing } from '../../../engine/store/job-store.js';
import { openJobStore } from '../../../engine/store/open-job-store.js';
import type { JobRecord } from '../../../engine/store/record/job-record.js';
import { defined } from '../../../services/defined.js';
import type { CliIo } from '../cli-io.js';
import { EXIT, type ExitCode } from '../ends/exit-code.js';
import type { ListFlags } from '../flags/flags.js';
import { storeAskedFor } from '../jobs/open-store.js';
import { jobsTable } from '../say/jobs-table.js';
import { isoTime, type JsonLine } from '../say/json-line.js';
import { createOutput, redactorOf } from '../say/output.js';
import { safeLine } from '../say/terminal-safe.js';

async function readStore(io: CliIo, flags: ListFlags): Promise<JobListing> {
  const path = storeAskedFor(io, flags);
  const store = await openJobStore(defined({ path }));
  try {
    return await store.list();
  } finally {
    await store.close();
  }
}

function jobLine(job: JobRecord, now: number): JsonLine {
  const { id, jobSpecId, workflowId, state, step, progress, waitsFor, completed } = job;
  const until = waitsFor?.until === undefined ? {} : { until: isoTime(waitsFor.until) };
  const { canResume, notes } = prospectsOf(job, now);
  return {
    type: 'job',
    at: isoTime(now),
    id,
    jobSpecId,
    workflowId,
    state,
    step,
    progress,
    createdAt: isoTime(job.createdAt),
    updatedAt: isoTime(job.updatedAt),
    ...(waitsFor === undefined ? {} : { waitsFor: { ...waitsFor, ...until } }),
    canResume,
    notes,
    ...completed,
  };
}

/** What the store holds. */
export async function listJobs(io: CliIo, flags: ListFlags): Promise<ExitCode> {
  const output = createOutput(io, flags.json === true);
  const { records, unreadable } = await readStore(io, flags);
  const now = io.now();
  for (const job of records) output.json(jobLine(job, now));
  for (const { id, error } of unreadable) {
    output.json({ type: 'unreadable', at: isoTime(now), id, message: error.message });
    output.last.line(`Job ${safeLine(id)} cannot be read: ${safeLine(error.message)} ${error.advice}`);
  }
  output.json({ type: 'completed', at: isoTime(now), exitCode: EXIT.saved, count: records.length });
  if (flags.json === true) return EXIT.saved;
  const width = io.stdout.isTTY === true ? io.stdout.columns : undefined;
  if (records.length > 0) io.stdout.write(`${jobsTable(redactorOf(io).value(records), now, width)}\n`);
  else output.screen.line('This store holds no jobs.');
  return EXIT.saved;
}
