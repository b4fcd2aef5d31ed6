import * as z from 'zod/mini';
import type { JobRecord } from './job-record.js';

const recordedResult = z.object({
  file: z.string(),
  bytes: z.int().check(z.nonnegative()),
  sha256: z.string(),
  verified: z.exactOptional(z.boolean()),
  warning: z.exactOptional(z.string()),
});

const epochMs = z.number().check(z.nonnegative());
const byteCount = z.int().check(z.nonnegative());

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

/** Validates a record of this release's version when writing and reading. */
export const jobRecordSchema: z.ZodMiniType<JobRecord> = z.object({
  schemaVersion: z.int().check(z.nonnegative()),
  id: z.string().check(z.minLength(1)),
  jobSpecId: z.exactOptional(z.string()),
  workflowId: z.exactOptional(z.string()),
  state: z.string().check(z.minLength(1)),
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
  outDir: z.exactOptional(z.string()),
  traceparent: z.exactOptional(z.string()),
});
