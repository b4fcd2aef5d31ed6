import type { JobHandle } from '../../../../engine/job/job-handle.js';
import type { JobOptions } from '../../../../machines/job-input.js';
import type { CliIo } from '../../cli-io.js';
import type { BatchFlags } from '../../flags/flags.js';
import type { Output } from '../../say/output.js';
import type { Spool } from '../check/spool.js';
import type { BatchProgress } from '../progress/batch-progress.js';
import type { BatchSession } from './batch-session.js';
import type { Entrance } from './entrance.js';
import type { OutcomeBook } from './outcome-book.js';
import type { Report } from './report.js';

/** A running batch. */
export interface BatchRun {
  readonly io: CliIo;
  readonly flags: BatchFlags;
  readonly output: Output;
  readonly session: BatchSession;
  readonly spool: Spool;
  readonly progress: BatchProgress;
  readonly outcomes: OutcomeBook;
  readonly report: Report;
  readonly entrance: Entrance;
  /** Its lines are files that arrive in a folder. */
  readonly isWatching: boolean;
  /** The folder of `--out`. */
  readonly outDir: string;
  /** The options from the flags for every job, at the current time. */
  readonly optionsNow: () => JobOptions;
  /** Running and queued jobs, by id. */
  readonly active: Map<string, JobHandle>;
  /** When aborted, no further line is started. */
  readonly halt: AbortController;
  /** Jobs that were not created yet when the batch was halted: they count as not started. */
  readonly unstarted: Set<string>;
}
