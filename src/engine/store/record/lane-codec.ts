import * as z from 'zod/mini';
import { issuesInWords, issueWords } from '../../../services/wire/issue-words.js';
import type { LaneRecord } from '../job-store.js';
import { StoreError } from '../store-error.js';

const laneSchema: z.ZodMiniType<LaneRecord> = z.object({
  budget: z.exactOptional(z.unknown()),
  queueOrder: z.array(z.string()),
  history: z.exactOptional(z.unknown()),
  updatedAt: z.number().check(z.nonnegative()),
});

export interface EncodedLane {
  readonly text: string;
  /** The text without `updatedAt`. */
  readonly comparable: string;
}

/** @throws StoreError `invalid-record` */
export function encodeLane(lane: LaneRecord): EncodedLane {
  const checked = laneSchema.safeParse(lane, { error: issueWords });
  if (!checked.success)
    throw new StoreError(
      'invalid-record',
      `A lane cannot be stored: ${issuesInWords(checked.error.issues, 'lane')}`,
    );
  const { updatedAt: _, ...compared } = checked.data;
  return { text: JSON.stringify(checked.data), comparable: JSON.stringify(compared) };
}

export function damagedLane(cause?: unknown): StoreError {
  return new StoreError('corrupt', 'What the store keeps of this lane is damaged; its jobs are not.', {
    cause,
    advice: 'Nothing: the lane learns again.',
  });
}

/** @throws StoreError `corrupt` */
export function decodeLane(text: string): LaneRecord {
  try {
    return laneSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw damagedLane(cause);
  }
}
