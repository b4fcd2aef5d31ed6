import type { OpenCall } from '../../../engine/interpreter/interpreted-job.js';
import { isInChart, movedTo, type Position } from '../../../engine/interpreter/position.js';
import { migrateRecord } from '../../../engine/store/record/record-migrations.js';
import { sanitizeSnapshot } from '../../../engine/store/record/sanitize-snapshot.js';
import { createJobContext, type JobContext } from '../../../machines/job-context.js';
import type { JobInput } from '../../../machines/job-input.js';
import { type EventLog, emptyLog } from './event-log.js';
import { inTimeOf } from './other-clock.js';
import { callsOf, type PackedCalls, packedCalls } from './packed-calls.js';
import { packedRecord, unpackedRecord } from './packed-record.js';
import type { StoredJob, StoredRecord } from './stored-record.js';

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
  readonly stored: StoredJob;
  readonly log: EventLog;
  /** Epoch ms. */
  readonly now: number;
}

/** Signed URLs are removed before storing; replies already come without the key (`WorkerCore.make`). */
export function encodeJob({ stored, log, now }: JobToStore): unknown {
  const { job, ...rest } = stored;
  const { value, context, open, started } = job;
  const snapshot = { value, context: slim(context), ...packedCalls({ value, context }, open) };
  return sanitizeSnapshot(packedRecord({ ...rest, updatedAt: now, snapshot, started }, log));
}

function openCalls(children: unknown): readonly OpenCall[] {
  if (!isPlain(children)) return [];
  return Object.entries(children).flatMap(([id, call]) => {
    if (!isPlain(call) || typeof call.token !== 'string' || typeof call.src !== 'string') return [];
    return [{ id, token: call.token, src: call.src, input: call.input }];
  });
}

interface Fitted extends Position {
  /** The chart has the stored state. */
  readonly isKept: boolean;
}

const moved = (step: string, context: JobContext): Fitted => ({
  ...movedTo('preparing', step, context),
  isKept: false,
});

/** A position that this chart does not have: look the job up on the server, or start again if none was created. */
function fittedPosition(snapshot: Plain): Fitted {
  // Boundary: what `encodeJob` of this or an older release has stored, lifted by the migrations.
  const given = (isPlain(snapshot.context) ? snapshot.context : {}) as Partial<JobContext>;
  // Boundary: as above; each record has been stored with its input.
  const input = given.input as JobInput;
  const context: JobContext = { ...createJobContext(input), ...given };
  // Boundary: `isInChart` checks it next.
  const position = { value: snapshot.value, context } as Position;
  if (isInChart(position)) return { ...position, isKept: true };
  const fresh = { ...createJobContext(input), jobSpecId: context.jobSpecId };
  if (context.jobSpecId !== undefined) return moved('attaching', fresh);
  return moved(context.mayExist ? 'outcomeUnknown' : 'inspecting', {
    ...fresh,
    mayExist: context.mayExist,
    failure: context.failure,
  });
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
  const record = migrateRecord(unpackedRecord(raw));
  const snapshot = isPlain(record.snapshot) ? record.snapshot : {};
  const { value, context: written, isKept } = fittedPosition(snapshot);
  // Boundary: as above.
  const { keyId, queue, createdAt, waits, place, mayCreate, started, updatedAt, log } =
    record as unknown as StoredRecord;
  const context = now === undefined ? written : inTimeOf(written, updatedAt ?? now, now);
  // Boundary: as above; a record of an older release has none.
  const tokens = (snapshot.tokens ?? {}) as PackedCalls['tokens'];
  const given = callsOf(tokens, isKept ? { value, context } : undefined);
  const open = [...openCalls(snapshot.children), ...given];
  const job = { status: 'active', value, context, open, started } as const;
  return { stored: { keyId, queue, createdAt, waits, place, mayCreate, job }, log: log ?? emptyLog };
}
