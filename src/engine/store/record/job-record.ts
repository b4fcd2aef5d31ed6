import { z } from 'zod';
import type { SavedResult } from '../../../machines/ports.js';

/** The version that this release writes. Raise it with a step in `record-migrations.ts` and a fixture of the old one. */
export const RECORD_VERSION = 3;

/** A file to upload as it was when the job began: enough to see that it is another one now. */
export interface RecordedFile {
  readonly path: string;
  readonly bytes: number;
  /** Epoch ms of the last change. */
  readonly mtimeMs: number;
  /** Hex. */
  readonly sha256?: string;
}

/** What the job waits for, in words, and until when (epoch ms) where it is a time. */
export interface RecordedWait {
  readonly reason: string;
  readonly until?: number;
}

/** In which order the jobs of a key get a place. */
export interface QueueRank {
  /** Higher first. */
  readonly priority: number;
  /** Among equals, lower first. */
  readonly order: number;
}

/** Absolute times (epoch ms) after which something of the job is gone on the server. */
export interface Retention {
  /** The pre-signed URL: 1 h (Step 8). */
  readonly urlExpiresAt?: number;
  /** The result: 24 h after completion (Step 8). */
  readonly resultExpiresAt?: number;
  /** Uploaded files that no job uses: 24 h (Step 2). */
  readonly filesExpireAt?: number;
}

/** The result as it was saved; older releases stored no `verified`. */
export type RecordedResult = SavedResult;

const recordedResult = z.object({
  file: z.string(),
  bytes: z.number().int().nonnegative(),
  sha256: z.string(),
  verified: z.exactOptional(z.boolean()),
  warning: z.exactOptional(z.string()),
});

/** One job as it is stored: all that another process needs to continue with it, and nothing secret. */
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
  /** Percent, as the server said. */
  readonly progress?: number;
  readonly waitsFor?: RecordedWait;
  /** Epoch ms: since when it is in its state, or, let go, in the one that it goes on from. Absent in what older releases stored. */
  readonly since?: number;
  /** Epoch ms. */
  readonly createdAt: number;
  /** Epoch ms; a change of this alone is no change. */
  readonly updatedAt: number;
  /** The machine's input, as JSON. */
  readonly input: unknown;
  /** The machine's persisted snapshot, sanitized, as JSON. */
  readonly snapshot: unknown;
  readonly files: readonly RecordedFile[];
  readonly retention: Retention;
  /** Present when the result is on disk. */
  readonly completed?: RecordedResult;
  /** Present where a lane started the job. */
  readonly queue?: QueueRank;
}

const epochMs = z.number().nonnegative();
const byteCount = z.number().int().nonnegative();

const recordedFile = z.object({
  path: z.string(),
  bytes: byteCount,
  mtimeMs: z.number(),
  sha256: z.exactOptional(z.string()),
});

const retention = z.object({
  urlExpiresAt: z.exactOptional(epochMs),
  resultExpiresAt: z.exactOptional(epochMs),
  filesExpireAt: z.exactOptional(epochMs),
});

/** Checks a record of this release's version on its way in and out. */
export const jobRecordSchema: z.ZodType<JobRecord> = z.object({
  schemaVersion: z.number().int().nonnegative(),
  id: z.string().min(1),
  jobSpecId: z.exactOptional(z.string()),
  workflowId: z.exactOptional(z.string()),
  state: z.string().min(1),
  tags: z.array(z.string()),
  step: z.exactOptional(z.string()),
  progress: z.exactOptional(z.number()),
  waitsFor: z.exactOptional(z.object({ reason: z.string(), until: z.exactOptional(epochMs) })),
  since: z.exactOptional(epochMs),
  createdAt: epochMs,
  updatedAt: epochMs,
  input: z.unknown(),
  snapshot: z.unknown(),
  files: z.array(recordedFile),
  retention,
  completed: z.exactOptional(recordedResult),
  queue: z.exactOptional(z.object({ priority: z.number(), order: z.number() })),
});
