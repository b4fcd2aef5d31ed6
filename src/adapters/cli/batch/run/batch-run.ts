import type { JobHandle } from '../../../../engine/job/job-handle.js';
import type { JobOptions } from '../../../../machines/job-input.js';
import type { CliIo } from '../../cli-io.js';
import type { BatchFlags } from '../../flags/flags.js';
import type { Output } from '../../say/output.js';
import type { Spool } from '../check/spool.js';
import type { BatchProgress } from '../progress/batch-progress.js';
import type { BatchSession } from './batch-session.js';
import type { OutcomeBook } from './outcome-book.js';

/** A batch while it runs. */
export interface BatchRun {
  readonly io: CliIo;
  readonly flags: BatchFlags;
  readonly output: Output;
  readonly session: BatchSession;
  readonly spool: Spool;
  readonly progress: BatchProgress;
  readonly outcomes: OutcomeBook;
  /** `--out`. */
  readonly outDir: string;
  /** What the flags say for every job, as it is now. */
  readonly optionsNow: () => JobOptions;
  /** Jobs that run or wait, by id. */
  readonly active: Map<string, JobHandle>;
  /** No further line is begun. */
  readonly halt: AbortController;
  /** Jobs of which nothing was created when the batch was halted: they were not started. */
  readonly unstarted: Set<string>;
}
