import { prospectsOf } from '../../../../engine/durable/index.js';
import type { JobRecord } from '../../../../engine/store/record/job-record.js';
import type { SavedResult } from '../../../../machines/ports.js';
import { slotIn } from '../../../../machines/question/slot-value.js';
import { EXIT, type ExitCode } from '../../ends/exit-code.js';
import type { BatchLine } from '../manifest/batch-line.js';

/** What to do about a line, given what the store has under its id. */
export type LinePlan =
  /**
   * Nothing was created for it yet. `isRefusedBefore`: an earlier attempt failed before a job was created, and is removed from
   * the store first.
   */
  | { readonly do: 'start'; readonly isRefusedBefore: boolean }
  | { readonly do: 'resume' }
  /** It is done, if the result file is still unchanged. */
  | { readonly do: 'keep'; readonly jobSpecId?: string; readonly saved?: SavedResult }
  /** It is left unchanged for a person to decide. */
  | { readonly do: 'leave'; readonly exitCode: ExitCode; readonly state: string; readonly why: string };

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;

/** Values that differ between a line and its job. */
const changedValues = (
  given: Readonly<Record<string, unknown>> = {},
  stored: unknown,
  field: string,
): string[] =>
  Object.keys(given)
    .filter((slotId) => !same(slotIn(given, slotId), fieldOf(stored, slotId)))
    .map((slotId) => `${field}.${slotId}`);

/**
 * Which fields of a line differ from the job that was started under its id. Values from flags are ignored, but a value that was
 * removed from the line counts.
 */
export function changesOf(
  line: BatchLine,
  record: JobRecord,
  flagSlots: ReadonlySet<string>,
): readonly string[] {
  const { input } = record;
  const storedSlots = fieldOf(input, 'slots');
  const gone = Object.keys(typeof storedSlots === 'object' && storedSlots !== null ? storedSlots : {})
    .filter((slotId) => slotIn(line.slots, slotId) === undefined && !flagSlots.has(slotId))
    .map((slotId) => `slots.${slotId}`);
  return [
    ...(fieldOf(input, 'workflowId') === line.workflowId ? [] : ['workflowId']),
    ...(same(fieldOf(input, 'files'), line.files) ? [] : ['files']),
    ...changedValues(line.slots, storedSlots, 'slots'),
    ...gone,
    ...changedValues(line.answers, fieldOf(input, 'answers'), 'answers'),
  ];
}

const RUN_AGAIN =
  'To run it again, give the line another id, or take the job out of the store: goal-lane forget';

export const changedPlan = (id: string, changes: readonly string[]): LinePlan => ({
  do: 'leave',
  exitCode: EXIT.usage,
  state: 'changed',
  why: `has changed since its job was started (${changes.join(', ')}); the job is left as it is. ${RUN_AGAIN} ${id}`,
});

/** Pure. `now`: epoch ms. */
export function planLine(
  line: BatchLine,
  record: JobRecord | undefined,
  { now, flagSlots }: { readonly now: number; readonly flagSlots: ReadonlySet<string> },
): LinePlan {
  if (record === undefined) return { do: 'start', isRefusedBefore: false };
  const { state, jobSpecId, completed } = record;
  // Refused before a job existed: the line may have been fixed since.
  if (state === 'failed' && jobSpecId === undefined) return { do: 'start', isRefusedBefore: true };
  const changes = changesOf(line, record, flagSlots);
  if (changes.length > 0) return changedPlan(line.id, changes);
  if (state === 'completed')
    return {
      do: 'keep',
      ...(jobSpecId === undefined ? {} : { jobSpecId }),
      ...(completed === undefined ? {} : { saved: completed }),
    };
  const { canResume, notes } = prospectsOf(record, now);
  if (canResume) return { do: 'resume' };
  if (state === 'failed')
    return {
      do: 'leave',
      exitCode: EXIT.jobFailed,
      state,
      why: `has failed before, as the API said, and is not run again by itself. ${RUN_AGAIN} ${line.id}`,
    };
  return {
    do: 'leave',
    exitCode: EXIT.unusable,
    state,
    why: `cannot be resumed. ${notes.join(' ')} ${RUN_AGAIN} ${line.id}`,
  };
}
