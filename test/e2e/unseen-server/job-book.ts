import { createHash, randomBytes } from 'node:crypto';
import { zipOfSize } from '../../support/sample-zip.js';
import type { Readings } from './readings.js';

export interface Slot {
  readonly slotId: string;
  readonly type: string;
  readonly [more: string]: unknown;
}

export interface Checkpoint {
  readonly checkpointId: string;
  readonly stepOutputPreview?: string;
  readonly slots: readonly Slot[];
}

/** What one status read shows while the job runs, or what happens to it. */
export type Step =
  | { readonly show: Readonly<Record<string, unknown>> }
  | { readonly ask: Checkpoint }
  | { readonly fail: unknown }
  | 'complete';

export interface WorkflowSpec {
  readonly specId: string;
  readonly slots: readonly Slot[];
  readonly steps: readonly Step[];
  readonly formats?: readonly string[];
  readonly minFiles?: number;
  readonly maxBytes?: number;
}

export interface Accepted {
  readonly what: 'fill' | 'confirm';
  /** `''`: before execution. */
  readonly checkpointId: string;
  readonly round: number;
  readonly values: Readonly<Record<string, unknown>>;
  readonly by: 'client' | 'other';
}

export interface ServerJob {
  readonly id: string;
  readonly spec: WorkflowSpec;
  readonly fileIds: readonly string[];
  readonly result: Buffer;
  readonly sha256: string;
  status: string;
  version: number;
  /** What stands open: before execution or at a checkpoint. */
  asked: readonly Slot[];
  checkpoint: Checkpoint | undefined;
  values: Record<string, unknown>;
  steps: Step[];
  /** How many questions there have been. */
  round: number;
  shown: Readonly<Record<string, unknown>>;
  error: unknown;
  lingering: { stale: number; pending: number; confirming: number };
  before: Readonly<Record<string, unknown>> | undefined;
  readonly accepted: Accepted[];
}

let jobs = 0;

export function openJob(spec: WorkflowSpec, fileIds: readonly string[], resultBytes: number): ServerJob {
  jobs += 1;
  // Shorter than the shortest ZIP: for scenarios that name something else.
  const result = resultBytes < 200 ? randomBytes(resultBytes) : zipOfSize(resultBytes);
  return {
    id: `job_${jobs}${randomBytes(3).toString('hex')}`,
    spec,
    fileIds,
    result,
    sha256: createHash('sha256').update(result).digest('hex'),
    status: 'pending',
    version: 1,
    asked: spec.slots,
    checkpoint: undefined,
    values: {},
    steps: [...spec.steps],
    round: 0,
    shown: {},
    error: undefined,
    lingering: { stale: 0, pending: 0, confirming: 0 },
    before: undefined,
    accepted: [],
  };
}

const isOpen = (job: ServerJob): boolean => job.status === 'pending' || job.status === 'slot_needed';

export type Outcome =
  | { readonly ok: true }
  | {
      readonly ok: false;
      readonly status: number;
      readonly error: string;
      readonly fields?: readonly FieldError[];
    };

export interface FieldError {
  readonly slotId: string;
  readonly index: number;
  readonly message: string;
}

const refused = (status: number, error: string, fields?: readonly FieldError[]): Outcome =>
  fields === undefined ? { ok: false, status, error } : { ok: false, status, error, fields };

/** By entries: an assignment would lose a slot of the name `__proto__`. */
const entryOf = ({ slotId, value }: { slotId: string; value: unknown }) => [slotId, value] as const;

/** PATCH /slots. */
export function fill(
  job: ServerJob,
  itemVersion: number,
  slots: readonly { slotId: string; value: unknown }[],
  check: (slotId: string, value: unknown) => string | undefined,
  by: Accepted['by'] = 'client',
): Outcome {
  if (itemVersion !== job.version) return refused(409, 'version_conflict');
  if (!isOpen(job)) return refused(400, 'invalid_transition');
  const known = new Set(job.asked.map((slot) => slot.slotId));
  const complaints = slots.flatMap(({ slotId, value }, index) => {
    const message = known.has(slotId) ? check(slotId, value) : 'unknown slot';
    return message === undefined ? [] : [{ slotId, index, message }];
  });
  if (complaints.length > 0) return refused(422, 'validation_error', complaints);
  job.values = Object.fromEntries([...Object.entries(job.values), ...slots.map(entryOf)]);
  job.version += 1;
  const checkpointId = job.checkpoint?.checkpointId ?? '';
  job.accepted.push({ what: 'fill', checkpointId, round: job.round, values: { ...job.values }, by });
  return { ok: true };
}

/** POST /confirm. */
export function confirm(
  job: ServerJob,
  itemVersion: number,
  readings: Readings,
  statusView: Readonly<Record<string, unknown>>,
  by: Accepted['by'] = 'client',
): Outcome {
  const isStale = itemVersion !== job.version;
  if (isStale && readings.conflictFirst) return refused(409, 'version_conflict');
  if (!isOpen(job)) return refused(400, 'invalid_transition');
  if (isStale) return refused(409, 'version_conflict');
  const empty = job.asked.filter(
    (slot) => slot.required !== false && !Object.hasOwn(job.values, slot.slotId),
  );
  if (empty.length > 0) {
    const complaints = empty.map(({ slotId }, index) => ({ slotId, index, message: 'required' }));
    return refused(422, 'validation_error', complaints);
  }
  const checkpointId = job.checkpoint?.checkpointId ?? '';
  job.accepted.push({ what: 'confirm', checkpointId, round: job.round, values: { ...job.values }, by });
  if (readings.confirmBumps) job.version += 1;
  job.before = statusView;
  const isFirst = job.status === 'pending';
  job.lingering = {
    stale: readings.staleReads,
    pending: isFirst ? readings.pendingReads : 0,
    confirming: readings.confirmingReads,
  };
  job.status = 'executing';
  job.checkpoint = undefined;
  job.asked = [];
  job.values = {};
  return { ok: true };
}

/** One status read lets the job go one step on. */
export function advance(job: ServerJob): void {
  if (job.status !== 'executing') return;
  const step = job.steps.shift() ?? 'complete';
  if (step === 'complete') job.status = 'completed';
  else if ('fail' in step) {
    job.status = 'failed';
    job.error = step.fail;
  } else if ('ask' in step) {
    job.status = 'slot_needed';
    job.checkpoint = step.ask;
    job.asked = step.ask.slots;
    job.values = {};
    job.version += 1;
    job.round += 1;
  } else job.shown = step.show;
}
