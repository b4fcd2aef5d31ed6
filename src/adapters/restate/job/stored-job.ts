import type { InterpretedJob, OpenCall } from '../../../engine/interpreter/interpreted-job.js';
import { isInChart, movedTo, type Position } from '../../../engine/interpreter/position.js';
import { type QueueRank, RECORD_VERSION } from '../../../engine/store/record/job-record.js';
import { migrateRecord } from '../../../engine/store/record/record-migrations.js';
import { sanitizeSnapshot } from '../../../engine/store/record/sanitize-snapshot.js';
import { boundTimes, shiftTimes } from '../../../machines/context-times.js';
import { createJobContext, type JobContext } from '../../../machines/job-context.js';
import type { JobInput } from '../../../machines/job-input.js';
import { type EventLog, emptyLog } from './event-log.js';

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

/** The layout in the engine's state is that of a record, so the same migrations apply to both. */
interface StoredRecord extends Omit<StoredJob, 'job'> {
  readonly schemaVersion: number;
  readonly id: string;
  /** Epoch ms by the clock of the worker that wrote it. */
  readonly updatedAt?: number;
  readonly log?: EventLog;
  readonly snapshot: {
    readonly value: unknown;
    readonly context: unknown;
    readonly children: Readonly<Record<string, Omit<OpenCall, 'id'>>>;
  };
  readonly started: number;
}

type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Omits fields that have the values of a new job; they are restored when the job is decoded. */
function slim(context: JobContext): Plain {
  const fresh: Plain = { ...createJobContext(context.input) };
  const own = Object.entries(context).filter(
    ([name, value]) => name === 'input' || JSON.stringify(value) !== JSON.stringify(fresh[name]),
  );
  const kept = Object.fromEntries(own);
  const { workflow, jobSpecId } = context;
  if (workflow === undefined || jobSpecId === undefined) return kept;
  // When the job exists, only this part of the catalog entry is still used.
  return { ...kept, workflow: { requiredSlots: workflow.requiredSlots } };
}

export interface JobToStore {
  readonly id: string;
  readonly stored: StoredJob;
  readonly log: EventLog;
  /** Epoch ms. */
  readonly now: number;
}

/** Signed URLs are removed before storing; replies already come without the key (`WorkerCore.make`). */
export function encodeJob({ id, stored, log, now }: JobToStore): unknown {
  const { job, ...rest } = stored;
  const { value, context, open, started } = job;
  const record: StoredRecord = {
    ...rest,
    schemaVersion: RECORD_VERSION,
    id,
    updatedAt: now,
    log,
    snapshot: {
      value,
      context: slim(context),
      children: Object.fromEntries(open.map(({ id: actor, ...call }) => [actor, call])),
    },
    started,
  };
  return sanitizeSnapshot(record);
}

function openCalls(children: unknown): readonly OpenCall[] {
  if (!isPlain(children)) return [];
  return Object.entries(children).flatMap(([id, call]) => {
    if (!isPlain(call) || typeof call.token !== 'string' || typeof call.src !== 'string') return [];
    return [{ id, token: call.token, src: call.src, input: call.input }];
  });
}

/** A position that this chart does not have: look the job up on the server, or start again if none was created. */
function fittedPosition(snapshot: Plain): Position {
  // Boundary: what `encodeJob` of this or an older release has stored, lifted by the migrations.
  const given = (isPlain(snapshot.context) ? snapshot.context : {}) as Partial<JobContext>;
  // Boundary: as above; each record has been stored with its input.
  const input = given.input as JobInput;
  const context: JobContext = { ...createJobContext(input), ...given };
  // Boundary: `isInChart` checks it next.
  const position = { value: snapshot.value, context } as Position;
  if (isInChart(position)) return position;
  const fresh = { ...createJobContext(input), jobSpecId: context.jobSpecId };
  if (context.jobSpecId !== undefined) return movedTo('preparing', 'attaching', fresh);
  return movedTo('preparing', context.mayExist ? 'outcomeUnknown' : 'inspecting', {
    ...fresh,
    mayExist: context.mayExist,
    failure: context.failure,
  });
}

/** A record from the future was written by another clock, or before this one was set: treat it as written now. */
function inTimeOf(context: JobContext, updatedAt: number, now: number): JobContext {
  return boundTimes(shiftTimes(context, Math.min(now - updatedAt, 0)), now);
}

/**
 * Decodes a job for this release, with the calls that were open when it was stored; `rearmJob` adapts them to the chart.
 * @param now epoch ms: impossible times are moved to fit it; if absent, times stay as written
 * @throws StoreError `newer-version`: a newer worker has stored the job; the attempt must be repeated by another worker
 */
export function decodeJob(
  raw: unknown,
  now?: number,
): { readonly stored: StoredJob; readonly log: EventLog } {
  const record = migrateRecord(raw);
  const snapshot = isPlain(record.snapshot) ? record.snapshot : {};
  const { value, context: written } = fittedPosition(snapshot);
  // Boundary: as above.
  const { keyId, queue, createdAt, waits, place, mayCreate, started, updatedAt, log } =
    record as unknown as StoredRecord;
  const context = now === undefined ? written : inTimeOf(written, updatedAt ?? now, now);
  const open = openCalls(snapshot.children);
  const job = { status: 'active', value, context, open, started } as const;
  return { stored: { keyId, queue, createdAt, waits, place, mayCreate, job }, log: log ?? emptyLog };
}
