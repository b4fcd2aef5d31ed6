import type { JobContext, UploadRecord } from '../../machines/job-context.js';
import type { JobInput } from '../../machines/job-input.js';
import type { JobOutput } from '../../machines/job-output.js';
import { type Position, placeOf, snapshotAt } from '../interpreter/position.js';
import {
  type JobRecord,
  type QueuePlace,
  RECORD_VERSION,
  type RecordedFile,
  type Retention,
} from '../store/record/job-record.js';
import { sanitizeSnapshot } from '../store/record/sanitize-snapshot.js';
import { positionAfterDetach } from './detached-position.js';
import { restingPosition } from './resting-position.js';
import { retentionOf } from './retention.js';
import { waitsFor } from './waits-for.js';

/** How a job has ended in this process. */
export interface JobEnding extends Position {
  readonly output: JobOutput;
}

/** What is known of a job while it runs: all that its record is made of. */
export interface JobMemory {
  readonly id: string;
  readonly input: JobInput;
  readonly createdAt: number;
  readonly queue: QueuePlace | undefined;
  files: readonly RecordedFile[];
  retention: Retention;
  /** Files that have arrived while others are still on their way. */
  readonly arrived: Map<string, UploadRecord>;
  /** Where it stood when it was last active; undefined before its first step. */
  last: Position | undefined;
  tags: readonly string[];
  ending: JobEnding | undefined;
}

type Optional<Key extends string, Value> = { [Name in Key]?: Exclude<Value, undefined> };

const optional = <Key extends string, Value>(key: Key, value: Value): Optional<Key, Value> =>
  // A computed key widens to string: this is the boundary where its name is given back.
  (value === undefined ? {} : { [key]: value }) as Optional<Key, Value>;

/** The position from which another process goes on; undefined before the first step, and where there is nothing to go on with. */
function goOnFrom({ last, ending, arrived }: JobMemory): Position | undefined {
  if (last === undefined) return undefined;
  if (ending === undefined) return restingPosition(last, arrived);
  if (ending.output.status !== 'detached') return undefined;
  return restingPosition(positionAfterDetach(last, ending.context), arrived);
}

function snapshotOf({ ending }: JobMemory, resting: Position | undefined): unknown {
  if (resting !== undefined) return snapshotAt(resting);
  if (ending === undefined) return null;
  const { value, context, output } = ending;
  return { status: 'done', value, historyValue: {}, context, children: {}, output };
}

function retentionAt(memory: JobMemory, context: JobContext, resting: Position | undefined, now: number) {
  const uploads = resting?.context.uploads ?? context.uploads;
  const lifecycle = placeOf(resting?.value ?? memory.ending?.value ?? '').lifecycle;
  return retentionOf({ ...context, uploads }, lifecycle, memory.retention, now);
}

const isUndecided = (resting: Position | undefined): boolean =>
  resting !== undefined && placeOf(resting.value).step === 'outcomeUnknown';

const waitOf = ({ ending }: JobMemory, resting: Position | undefined) =>
  ending?.output.status === 'detached' && !isUndecided(resting)
    ? { reason: `resume (${ending.output.reason})` }
    : resting && waitsFor(resting);

/** What a job that was let go still waits for is a person's decision, or nothing. */
function tagsOf({ ending, tags }: JobMemory, resting: Position | undefined): readonly string[] {
  if (ending !== undefined) return isUndecided(resting) ? ['user-input'] : [];
  // That something is in flight is of no interest once it is stored.
  return tags.filter((tag) => tag !== 'in-flight');
}

/** What the record tells of the context. */
const toldBy = (context: JobContext | undefined) => ({
  ...optional('step', context?.currentStep),
  ...optional('progress', context?.progress),
  ...optional('completed', context?.saved),
});

/**
 * The record of a job at a time (epoch ms).
 * @throws StoreError `secret` if the API key would be stored.
 */
export function recordOf(memory: JobMemory, now: number, apiKey?: string): JobRecord {
  const secret = apiKey === undefined ? {} : { apiKey };
  const resting = goOnFrom(memory);
  const told = memory.ending ?? memory.last;
  const input = told?.context.input ?? memory.input;
  return {
    schemaVersion: RECORD_VERSION,
    id: memory.id,
    ...optional('jobSpecId', told?.context.jobSpecId ?? memory.input.jobSpecId),
    ...optional('workflowId', input.workflowId),
    state: placeOf(told?.value ?? 'preparing').lifecycle,
    tags: tagsOf(memory, resting),
    ...toldBy(told?.context),
    ...optional('waitsFor', waitOf(memory, resting)),
    createdAt: memory.createdAt,
    ...optional('queue', memory.queue),
    updatedAt: now,
    input: sanitizeSnapshot(input, secret),
    snapshot: sanitizeSnapshot(snapshotOf(memory, resting), secret),
    files: memory.files,
    retention: told ? retentionAt(memory, told.context, resting, now) : memory.retention,
  };
}
