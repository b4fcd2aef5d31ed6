import type { SavedResult } from '../../../machines/ports.js';

/** The version that this release writes. When you raise it, add a step to `record-migrations.ts` and a fixture of the old version. */
export const RECORD_VERSION = 3;

/** A file to upload as it was when the job began: enough to notice that it has changed. */
export interface RecordedFile {
  readonly path: string;
  readonly bytes: number;
  /** Epoch ms of the last change. */
  readonly mtimeMs: number;
  /** Hex. */
  readonly sha256?: string;
}

/** What the job waits for, in words, and until when (epoch ms) if known. */
export interface RecordedWait {
  readonly reason: string;
  readonly until?: number;
}

/** The order in which the jobs of a key start. */
export interface QueueRank {
  /** Higher first. */
  readonly priority: number;
  /** Among equal priorities, lower first. */
  readonly order: number;
}

/** Absolute times (epoch ms) after which the server no longer keeps something of the job. */
export interface Retention {
  /** The pre-signed URL: 1 h ("Step 8: Download Results"). */
  readonly urlExpiresAt?: number;
  /** The result: 24 h after completion ("Step 8: Download Results"). */
  readonly resultExpiresAt?: number;
  /** Uploaded files that no job uses: 24 h ("Step 2: Upload a File"). */
  readonly filesExpireAt?: number;
}

/** The saved result; older releases stored no `verified`. */
export type RecordedResult = SavedResult;

/** A stored job: everything another process needs to continue with it, and nothing secret. */
export interface JobRecord {
  readonly schemaVersion: number;
  /** Our own name for the job; known before there is a `jobSpecId`. */
  readonly id: string;
  readonly jobSpecId?: string;
  readonly workflowId?: string;
  /** Top-level state of the machine: the API's own words, and `preparing`, `downloading`, `detached`. */
  readonly state: string;
  readonly tags: readonly string[];
  readonly step?: string;
  /** Percent, as sent by the server. */
  readonly progress?: number;
  readonly waitsFor?: RecordedWait;
  /** Epoch ms at which it entered its state or, if detached, the state it continues from. Absent in records of older releases. */
  readonly since?: number;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Epoch ms; a change of only this field is not a change. */
  readonly updatedAt: number;
  /** The machine's input, as JSON. */
  readonly input: unknown;
  /** The machine's persisted snapshot, sanitized, as JSON. */
  readonly snapshot: unknown;
  readonly files: readonly RecordedFile[];
  readonly retention: Retention;
  /** Present when the result is on disk. */
  readonly completed?: RecordedResult;
  /** Present if a lane started the job. */
  readonly queue?: QueueRank;
  /** The folder for its result, absolute; absent if the host has one for all jobs, and in records of older releases. */
  readonly outDir?: string;
  /** W3C Trace Context of the last phase that was traced: later phases of the job link to it. Absent without tracing. */
  readonly traceparent?: string;
}
