import { boundTimes, shiftTimes } from '../../machines/context-times.js';
import type { JobInput } from '../../machines/job-input.js';
import { type Clock, wallOffsetOf, wallTimeOf } from '../binding/clock.js';
import type { Position } from '../interpreter/position.js';
import type { JobRecord, Retention } from '../store/record/job-record.js';
import type { RecordDraft } from './record-draft.js';

/**
 * The server keeps a result for 24 h after completion ("Step 8: Download Results"), and a file that no job uses for as long
 * ("Step 2: Upload a File").
 */
const DAY_MS = 24 * 3_600_000;

const inputMoved = (input: JobInput, byMs: number): JobInput =>
  input.deadlineAt === undefined || byMs === 0 ? input : { ...input, deadlineAt: input.deadlineAt + byMs };

/** The draft with times of the wall clock: records are read by other processes, which do not know our clock. */
export function inWallTime(draft: RecordDraft, clock: Clock): RecordDraft {
  const byMs = wallOffsetOf(clock);
  if (byMs === 0) return draft;
  const move = <Kind extends Position>(position: Kind): Kind => ({
    ...position,
    context: shiftTimes(position.context, byMs),
  });
  const arrived = [...draft.arrived].map(([handle, upload]) => {
    const uploadedAt = upload.uploadedAt + byMs;
    return [handle, { ...upload, uploadedAt }] as const;
  });
  const last = draft.last && move(draft.last);
  const ending = draft.ending && move(draft.ending);
  // Whether the job ended in a failure is recognised by the identity of its setbacks, so it must be kept.
  const isUntroubled = last && ending && draft.ending?.context.setbacks === draft.last?.context.setbacks;
  const { setbacks = {} } = last?.context ?? {};
  return {
    ...draft,
    input: inputMoved(draft.input, byMs),
    last,
    ending: isUntroubled ? { ...ending, context: { ...ending.context, setbacks } } : ending,
    arrived: new Map(arrived),
  };
}

function boundRetention(retention: Retention, aheadMs: number, now: number): Retention {
  const { resultExpiresAt, filesExpireAt } = retention;
  const bound = (at: number): number => Math.min(at - aheadMs, now + DAY_MS);
  return {
    ...retention,
    ...(resultExpiresAt === undefined ? {} : { resultExpiresAt: bound(resultExpiresAt) }),
    ...(filesExpireAt === undefined ? {} : { filesExpireAt: bound(filesExpireAt) }),
  };
}

/** Converts the times of a stored job to the clock of the process that resumes it. */
export interface TimesOfRecord {
  readonly retention: Retention;
  input(stored: JobInput): JobInput;
  position(stored: Position): Position;
}

/**
 * A record from the future was written with a wrong clock: its times move back as if it was written now. No wait in it is longer
 * than its cause justifies, so a wrong clock of one process does not block the next.
 */
export function timesOfRecord(record: JobRecord, clock: Clock): TimesOfRecord {
  const wallNow = wallTimeOf(clock);
  const aheadMs = Math.max(record.updatedAt - wallNow, 0);
  const byMs = -aheadMs - wallOffsetOf(clock);
  return {
    retention: boundRetention(record.retention, aheadMs, wallNow),
    input: (stored) => inputMoved(stored, byMs),
    position: ({ value, context }) => ({
      value,
      context: boundTimes(shiftTimes(context, byMs), clock.now()),
    }),
  };
}
