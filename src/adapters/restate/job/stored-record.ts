import type { InterpretedJob } from '../../../engine/interpreter/interpreted-job.js';
import type { QueueRank } from '../../../engine/store/record/job-record.js';
import type { EventLog } from './event-log.js';
import type { PackedCalls } from './packed-calls.js';

/** The state of a job that the engine stores between two handlers. */
export interface StoredJob {
  readonly keyId: string;
  readonly queue: QueueRank;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly job: InterpretedJob;
  /** The delayed messages of waits by their tokens; cancelled with the wait. */
  readonly waits: Readonly<Record<string, string>>;
  /** What the key knows of the job: nothing, that it has a place, or that it is on the server. */
  readonly place: 'none' | 'held' | 'arrived';
  /** The key has no limit of creations, so creates need no permission. */
  readonly mayCreate: boolean;
}

/** What is stored of a job, in the layout of a record, so that the same migrations apply to both. */
export interface StoredRecord extends Omit<StoredJob, 'job'> {
  readonly schemaVersion: number;
  /** Epoch ms by the clock of the worker that wrote it. */
  readonly updatedAt?: number;
  readonly log?: EventLog;
  readonly snapshot: PackedCalls & { readonly value: unknown; readonly context: unknown };
  readonly started: number;
}
