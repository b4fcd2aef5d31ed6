import type { JobSource } from '../../../engine/job/source/job-source.js';
import type { About, SentAnswer } from '../wire/row.js';
import { ConsoleError } from './console-error.js';
import type { ConsoleSource } from './console-source.js';
import type { Spool } from './spool/spool.js';
import type { EventStream } from './stream/event-stream.js';
import type { LiveRows } from './stream/live-rows.js';

/** What all routes stand on. */
export interface ServerContext {
  readonly source: ConsoleSource;
  readonly about: About;
  readonly spool: Spool;
  readonly rows: LiveRows;
  readonly stream: EventStream;
  readonly now: () => number;
  readonly history: NonNullable<ConsoleSource['history']>;
  /** The newest answer that was sent through this server, by job and question. */
  readonly answers: Map<string, SentAnswer>;
}

const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Ids are looked up, never joined to a path. @throws ConsoleError */
export function checkId(id: string | undefined): string {
  if (id !== undefined && ID.test(id)) return id;
  throw new ConsoleError(400, 'bad_id', 'This is not an id: letters, digits, - and _, at most 64.');
}

/** @throws ConsoleError where the job is unknown, or not one that this server drives */
export function jobOf({ source, rows }: ServerContext, given: string | undefined): JobSource {
  const id = checkId(given);
  const job = source.job(id);
  if (job !== undefined) return job;
  if (rows.get(id) === undefined)
    throw new ConsoleError(404, 'no_job', 'There is no job with this number here.');
  throw new ConsoleError(409, 'not_driven', 'This job has ended, or another process drives it.');
}
