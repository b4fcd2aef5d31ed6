import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { prospectsOf } from '../../../engine/durable/index.js';
import type { JobDriver } from '../../../engine/job/source/lane-source.js';
import { defaultStorePath } from '../../../engine/store/default-store-path.js';
import type { JobPage, JobStore, JobSummary, PageQuery } from '../../../engine/store/index.js';
import { driversOf } from '../../../engine/store/lease/job-drivers.js';
import { openJobStore } from '../../../engine/store/open-job-store.js';
import { defined } from '../../../services/defined.js';
import type { CliIo } from '../cli-io.js';
import { EXIT, type ExitCode } from '../ends/exit-code.js';
import type { ListJobsFlags } from '../flags/flags.js';
import { storeAskedFor } from '../jobs/open-store.js';
import { JobsTable } from '../say/jobs-table.js';
import { isoTime, type JsonLine } from '../say/json-line.js';
import { createOutput, type Output, redactorOf } from '../say/output.js';
import { safeLine } from '../say/terminal-safe.js';

/** Jobs per page: a fraction of a second's work, after which Ctrl-C is handled. */
const PAGE = 500;
/** Default number of jobs at a terminal. */
const FEW = 100;

/** Which process drives which job of a page, when the list is made. */
type Drivers = ReadonlyMap<string, JobDriver>;

function jobLine(job: JobSummary, drivers: Drivers, now: number): JsonLine {
  const { id, jobSpecId, workflowId, state, step, progress, waitsFor, completed } = job;
  const until = waitsFor?.until === undefined ? {} : { until: isoTime(waitsFor.until) };
  const { canResume, notes } = prospectsOf(job, now);
  const driver = drivers.get(id);
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
    ...(driver === undefined ? {} : { driver }),
    ...completed,
  };
}

type Pages = AsyncIterable<JobPage> | Iterable<JobPage>;

interface DrivenPage extends JobPage {
  readonly drivers: Drivers;
}

/** Every job, oldest first, a page at a time. */
async function* allPages(store: JobStore, query: PageQuery): AsyncGenerator<JobPage> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    const page: JobPage = await store.page({ ...query, first: 'oldest', limit: PAGE, after });
    yield page;
    after = page.next;
  }
}

/** The newest jobs, the oldest of them first, and whether there are more. */
async function newest(store: JobStore, query: PageQuery, limit: number) {
  const pages: JobPage[] = [];
  let next: string | undefined = '';
  for (let left = limit; left > 0 && next !== undefined; ) {
    const page: JobPage = await store.page({ ...query, limit: Math.min(left, PAGE), after: next });
    pages.unshift({ ...page, jobs: [...page.jobs].reverse() });
    left -= page.jobs.length + page.unreadable.length;
    next = page.next;
  }
  return { pages, hasMore: next !== undefined };
}

/** Adds the drivers page by page: the leases of all jobs of a large store would be read before its first line. */
async function* withDrivers(store: JobStore, pages: Pages, now: number): AsyncGenerator<DrivenPage> {
  for await (const page of pages) {
    const leases = await store.leases(page.jobs.map(({ id }) => id));
    yield { ...page, drivers: driversOf(leases, now) };
  }
}

/**
 * Prints each page as soon as it is read, until the reader is gone (`| head`). The stdout of a process is never destroyed: only an
 * error shows that. Resolves with the number of jobs shown.
 */
async function printPages(
  io: CliIo,
  pages: AsyncIterable<DrivenPage>,
  format: (page: DrivenPage) => string,
): Promise<number> {
  const { stdout, interruption } = io;
  let count = 0;
  let isReaderGone = false;
  const onGone = (): void => {
    isReaderGone = true;
  };
  stdout.once('error', onGone);
  for await (const page of pages) {
    if (interruption.signal.aborted || isReaderGone || stdout.destroyed) break;
    count += page.jobs.length;
    const isTaken = stdout.write(format(page));
    // Waits for a slow reader; otherwise Ctrl-C is handled between two pages.
    if (isTaken) await nextTurn();
    else await drained(io);
  }
  stdout.removeListener('error', onGone);
  return count;
}

/** Resolves when more can be written, when the reader is gone, or on Ctrl-C. */
async function drained({ stdout, interruption }: CliIo): Promise<void> {
  const waiting = new AbortController();
  const signal = AbortSignal.any([waiting.signal, interruption.signal]);
  const events = ['drain', 'close', 'error'].map((name) => once(stdout, name, { signal }));
  await Promise.race(events).catch(() => undefined);
  waiting.abort();
  await Promise.allSettled(events);
}

function reportUnreadable(output: Output, { unreadable }: JobPage, now: number): void {
  for (const { id, error } of unreadable) {
    output.json({ type: 'unreadable', at: isoTime(now), id, message: error.message });
    output.last.line(`Job ${safeLine(id)} cannot be read: ${safeLine(error.message)} ${error.advice}`);
  }
}

async function printLines(
  io: CliIo,
  output: Output,
  pages: AsyncIterable<DrivenPage>,
  now: number,
): Promise<number> {
  return printPages(io, pages, (page) => {
    for (const job of page.jobs) output.json(jobLine(job, page.drivers, now));
    reportUnreadable(output, page, now);
    return '';
  });
}

/** What no process drives waits for a `resume`, whatever it waited for when its process ended; a person's turn stays theirs. */
function asItStands(job: JobSummary, drivers: Drivers, now: number): JobSummary {
  const isPersonsTurn = job.state === 'detached' || job.tags.includes('user-input');
  if (isPersonsTurn || drivers.has(job.id) || !prospectsOf(job, now).canResume) return job;
  return { ...job, waitsFor: { reason: 'resume: no process runs it' } };
}

async function printTable(
  io: CliIo,
  output: Output,
  pages: AsyncIterable<DrivenPage>,
  now: number,
): Promise<number> {
  const { stdout } = io;
  const redactor = redactorOf(io);
  const table = new JobsTable(now, stdout.isTTY === true ? stdout.columns : undefined);
  const count = await printPages(io, pages, (page) => {
    reportUnreadable(output, page, now);
    if (page.jobs.length === 0) return '';
    return table.draw(page.jobs.map((job) => redactor.plainJson(asItStands(job, page.drivers, now))));
  });
  if (!stdout.destroyed) stdout.write(table.end());
  return count;
}

function interrupted(output: Output, now: number): ExitCode {
  const [message, advice] = ['The list was interrupted.', 'Ask again.'];
  output.json({ type: 'error', at: isoTime(now), exitCode: EXIT.interrupted, message, advice });
  return EXIT.interrupted;
}

/** Whether there is no such file. Anything else that is wrong with the path is reported when the store is opened. */
const isAbsent = (path: string): Promise<boolean> =>
  stat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT',
  );

/** An empty list names its store, because a mistyped path looks like an empty one. */
function emptyList(path: string, state: string | undefined): string {
  if (state === undefined) return `The store ${safeLine(path)} holds no jobs.`;
  return `The store ${safeLine(path)} holds no jobs in the state ${state}.`;
}

/** Lists the jobs of the store: all, or at a terminal the newest. A store that does not exist is not created. */
export async function listJobs(io: CliIo, flags: ListJobsFlags): Promise<ExitCode> {
  const output = createOutput(io, flags.json === true);
  const query: PageQuery = flags.state === undefined ? {} : { states: [flags.state] };
  const isForPerson = flags.json !== true && io.stdout.isTTY === true;
  const limit = flags.limit ?? (isForPerson && flags.all !== true ? FEW : undefined);
  const asked = storeAskedFor(io, flags);
  const path = asked ?? defaultStorePath();
  const now = io.now();
  if (path !== ':memory:' && (await isAbsent(path))) {
    output.json({ type: 'completed', at: isoTime(now), exitCode: EXIT.saved, count: 0 });
    output.screen.line(`The store ${safeLine(path)} holds no jobs: it does not exist yet.`);
    return EXIT.saved;
  }
  const store = await openJobStore(defined({ path: asked }));
  const print = flags.json === true ? printLines : printTable;
  try {
    const few = limit === undefined ? undefined : await newest(store, query, limit);
    const pages = withDrivers(store, few?.pages ?? allPages(store, query), now);
    const count = await print(io, output, pages, now);
    if (io.interruption.signal.aborted) return interrupted(output, now);
    output.json({ type: 'completed', at: isoTime(now), exitCode: EXIT.saved, count });
    if (flags.json === true) return EXIT.saved;
    if (count === 0) output.screen.line(emptyList(path, flags.state));
    if (few?.hasMore) output.screen.line(`These are the newest ${count}: --all lists every job.`);
    return EXIT.saved;
  } finally {
    await store.close();
  }
}
