import { retryLimits } from '../../machines/failure/retry-limits.js';
import type { JobContext } from '../../machines/job-context.js';
import { createJobContext } from '../../machines/job-context.js';
import type { JobInput, JobOptions } from '../../machines/job-input.js';
import { type AnswerCursors, preparedValue, type Question } from '../../machines/question/question.js';
import type { SlotValues } from '../../machines/question/slot-value.js';
import { defined } from '../../services/defined.js';
import { isInChart, movedTo, type Position, statePathOf } from '../interpreter/position.js';
import type { JobRecord, RecordedFile, Retention } from '../store/record/job-record.js';
import { positionAfterGivingUp } from './detached-position.js';
import { uploadExpiresAt } from './retention.js';
import { StoredJobError } from './stored-job-error.js';

/** Options of the input that may change when a job is resumed. Slots and answers are added to the existing ones. */
export type ResumeChanges = JobOptions;

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Boundary: the input was a JobInput when stored, in the shape of the record's version. */
export const storedInput = (record: JobRecord): JobInput => record.input as JobInput;

/**
 * The position of a stored job; undefined if it was stored before its first step. A job of an older chart whose state no longer
 * exists is looked up on the server.
 * @throws StoredJobError `unreadable` if it is unknown whether a job was created.
 */
export function storedPosition(record: JobRecord): Position | undefined {
  if (record.snapshot === null) return undefined;
  const snapshot = isPlain(record.snapshot) ? record.snapshot : {};
  const stored = isPlain(snapshot.context) ? snapshot.context : {};
  const fresh = createJobContext(storedInput(record));
  // Boundary: a context of this record version; new fields get their initial values.
  const context = { ...fresh, ...stored } as JobContext;
  // Boundary: `isInChart` rejects values that are not in the chart.
  const position = { value: snapshot.value, context } as Position;
  if (isPlain(snapshot.value) && isInChart(position)) return position;
  const jobSpecId = record.jobSpecId ?? context.jobSpecId;
  if (typeof jobSpecId === 'string' && snapshot.value === 'failed')
    return positionAfterGivingUp({ ...context, jobSpecId });
  if (typeof jobSpecId === 'string') return movedTo('preparing', 'attaching', { ...fresh, jobSpecId });
  throw new StoredJobError(
    'unreadable',
    record.id,
    `Job ${record.id} is in a state that this goal-lane does not know.`,
  );
}

/** What a job is resumed with. */
export interface Resumption {
  readonly changes: ResumeChanges;
  /** Epoch ms. */
  readonly now: number;
  /** The job was detached: its deadline was for that run. A deadline in the past no longer applies either. */
  readonly wasDetached: boolean;
}

export function changedInput(input: JobInput, { changes, now, wasDetached }: Resumption): JobInput {
  const { deadlineAt, ...rest } = input;
  const slots = { ...input.slots, ...changes.slots };
  const answers = { ...input.answers, ...changes.answers };
  return {
    ...rest,
    ...(deadlineAt !== undefined && deadlineAt > now && !wasDetached ? { deadlineAt } : {}),
    ...defined(changes),
    ...(Object.keys(slots).length > 0 ? { slots } : {}),
    ...(Object.keys(answers).length > 0 ? { answers } : {}),
  };
}

/** The values in the changes for the open question. */
export function newValues(changes: ResumeChanges, question: Question | undefined): SlotValues {
  const values = (question?.slots ?? []).flatMap((slot) => {
    const value = preparedValue(changes, {}, slot);
    return value === undefined ? [] : [[slot.slotId, value] as const];
  });
  return Object.fromEntries(values);
}

/** New lists of answers start at their beginning; the values used for the open question are consumed. */
function changedCursors(turns: AnswerCursors, changes: ResumeChanges, used: SlotValues): AnswerCursors {
  const again = Object.keys(changes.answers ?? {}).map((slotId) => [
    slotId,
    Object.hasOwn(used, slotId) ? 1 : 0,
  ]);
  return { ...turns, ...Object.fromEntries(again) };
}

function changedQuestion(question: Question, values: SlotValues): Question {
  const isNew = (slotId: string): boolean => Object.hasOwn(values, slotId);
  return {
    ...question,
    values: { ...question.values, ...values },
    fieldErrors: question.fieldErrors.filter((error) => !isNew(error.field)),
    conflicts: question.conflicts.filter((conflict) => !isNew(conflict.slotId)),
    held: {
      ...question.held,
      ...Object.fromEntries(
        question.conflicts
          .filter(({ slotId }) => isNew(slotId))
          .map(({ slotId, theirs }) => [slotId, theirs]),
      ),
    },
  };
}

function changedContext(context: JobContext, resumption: Resumption): JobContext {
  const { question } = context;
  const { changes } = resumption;
  const values = newValues(changes, question);
  return {
    ...context,
    input: changedInput(context.input, resumption),
    retry: retryLimits(context.retry, changes.retry),
    turns: changedCursors(context.turns, changes, values),
    question: question === undefined ? undefined : changedQuestion(question, values),
  };
}

/** A file that was uploaded too long ago is uploaded again: the server would refuse the create. */
function withoutExpiredUploads(position: Position, now: number): Position {
  const { lifecycle, step } = statePathOf(position.value);
  if (lifecycle !== 'preparing' || (step !== 'uploading' && step !== 'takingTicket')) return position;
  const { context } = position;
  const uploads = context.uploads.map((upload) =>
    upload !== null && now >= uploadExpiresAt(upload.uploadedAt) ? null : upload,
  );
  const isComplete = !uploads.includes(null);
  return movedTo(lifecycle, isComplete ? step : 'uploading', { ...context, uploads });
}

/** The position from which a stored job continues now. */
export function resumedPosition(position: Position, resumption: Resumption): Position {
  const context = changedContext(position.context, resumption);
  return withoutExpiredUploads({ ...position, context }, resumption.now);
}

/** Steps of `preparing` in which no file is read any more, or all are inspected again. */
const NO_FILES_NEEDED: ReadonlySet<string> = new Set([
  'starting',
  'inspecting',
  'creating',
  'outcomeUnknown',
  'attaching',
]);

/** Whether files of the job still have to be uploaded. */
export function needsFiles({ value, context }: Position): boolean {
  const { lifecycle, step } = statePathOf(value);
  if (lifecycle !== 'preparing' || NO_FILES_NEEDED.has(step) || context.jobSpecId !== undefined) return false;
  return context.uploads.length === 0 || context.uploads.includes(null);
}

/** The upload refuses a file whose time differs from the recorded one, so the times of files with unchanged content are updated. */
export function withTimesOf(recorded: readonly RecordedFile[], position: Position): Position {
  const times = new Map(recorded.map(({ path, mtimeMs }) => [path, mtimeMs]));
  const files = position.context.files.map((file) => {
    const modifiedAt = times.get(file.handle);
    return modifiedAt === undefined || file.modifiedAt === undefined ? file : { ...file, modifiedAt };
  });
  return { ...position, context: { ...position.context, files } };
}

/** A job as it was stored, and as it continues. */
interface Resumed {
  readonly stored: Position | undefined;
  readonly now: Position | undefined;
  readonly retention: Retention;
}

const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * Whether a job that is resumed without changes continues exactly as it is stored. Otherwise only its state and its times can have
 * changed: a state of an older chart, a record from a clock that was wrong, a deadline that has passed. When it was last read does
 * not count. Not the whole context is compared: that would cost a fifth of resuming.
 */
export function isAsRecorded(record: JobRecord, { stored, now, retention }: Resumed): boolean {
  const isItsPlace = isPlain(record.snapshot) && record.snapshot.value === now?.value;
  if (stored === undefined || now === undefined || !isItsPlace) return false;
  const { input, waitUntil, setbacks, uploads, files } = stored.context;
  const { context } = now;
  return (
    sameJson(record.retention, retention) &&
    input.deadlineAt === context.input.deadlineAt &&
    waitUntil === context.waitUntil &&
    sameJson(setbacks, context.setbacks) &&
    uploads.every((upload, at) => upload?.uploadedAt === context.uploads[at]?.uploadedAt) &&
    files.every(({ modifiedAt }, at) => modifiedAt === context.files[at]?.modifiedAt)
  );
}
