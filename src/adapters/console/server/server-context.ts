import type { JobSource } from '../../../engine/job/source/job-source.js';
import type { RequestLog } from '../request-log.js';
import { type About, driverInWords, type JobRow } from '../wire/row.js';
import type { AnswerBook } from './answer-book.js';
import { ConsoleError } from './console-error.js';
import type { ConsoleSource } from './console-source.js';
import type { Spool } from './spool/spool.js';
import type { EventStream } from './stream/event-stream.js';
import type { LiveRows } from './stream/live-rows.js';

/** What all routes need. */
export interface ServerContext {
  readonly source: ConsoleSource;
  readonly about: About;
  readonly spool: Spool;
  readonly rows: LiveRows;
  readonly stream: EventStream;
  readonly now: () => number;
  readonly history: NonNullable<ConsoleSource['history']>;
  /** The newest exchanges of a job with the API, oldest first; absent if other processes send them. */
  readonly requests?: RequestLog['of'];
  /** Ends a request whose body sends nothing for this time, in ms. */
  readonly silenceMs: number;
  /** Start requests that are being processed, by the id of the job. */
  readonly starts: Map<string, Promise<unknown>>;
  readonly answers: AnswerBook;
}

const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Ids are only looked up, never joined to a path. @throws ConsoleError */
export function checkId(id: string | undefined): string {
  if (id !== undefined && ID.test(id)) return id;
  throw new ConsoleError(400, 'bad_id', 'This is not an id: letters, digits, - and _, at most 64.');
}

const noJob = (): ConsoleError => new ConsoleError(404, 'no_job', 'There is no job with this number here.');

/** The row of a job, including stored jobs that were never listed. @throws ConsoleError if there is none */
export async function rowOf({ rows }: ServerContext, given: string | undefined): Promise<JobRow> {
  const row = await rows.find(checkId(given));
  if (row === undefined) throw noJob();
  return row;
}

/** @throws ConsoleError if the job is unknown, or another process drives it */
export async function jobOf(context: ServerContext, given: string | undefined): Promise<JobSource> {
  const { id, isStored, driver } = await rowOf(context, given);
  const job = isStored ? undefined : context.source.job(id);
  if (job !== undefined) return job;
  const who =
    driver === undefined ? 'No program drives this job now.' : `${driverInWords(driver)} drives this job.`;
  throw new ConsoleError(409, 'not_driven', `${who} Nothing was sent.`);
}
