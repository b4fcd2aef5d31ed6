import { randomBytes } from 'node:crypto';
import type { Call } from './faults.js';
import {
  advance,
  confirm,
  fill,
  type Outcome,
  openJob,
  type ServerJob,
  type WorkflowSpec,
} from './job-book.js';
import type { Readings } from './readings.js';
import { countedStatusView, errorsView, jobView, statusView } from './views.js';
import { type Fields, isFields, jsonOf, partsOf } from './wire.js';

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** How a create that names an expired file is refused. */
export interface ExpiredFile {
  readonly status: number;
  readonly body: unknown;
}

export interface ApiState {
  readonly readings: Readings;
  readonly workflows: readonly WorkflowSpec[];
  readonly resultBytes: number;
  readonly filename: unknown;
  /** So many of the first uploads are forgotten by the time of the create. */
  readonly expiredUploads: number;
  readonly expiredFile: ExpiredFile;
  /** Refuses a value with a reason. */
  readonly check: (slotId: string, value: unknown) => string | undefined;
  /** Answers `/download` after the job is complete, instead of a URL. */
  readonly noResult?: Answer;
  readonly urlFor: (job: ServerJob) => string;
  readonly expiresAt: () => string;
  readonly files: Map<string, { readonly name: string | undefined; readonly bytes: Buffer; isGone: boolean }>;
  readonly jobs: Map<string, ServerJob>;
}

export interface Request {
  readonly call: Call;
  readonly jobId: string | undefined;
  readonly contentType: string;
  readonly body: Buffer;
}

/** The error shape of the reference. */
export const errorBody = (status: number, error: string, message: string, more: object = {}): Answer => ({
  status,
  body: { error, message, code: status, ...more },
});

const specView = (state: ApiState, spec: WorkflowSpec): object => ({
  spec_id: spec.specId,
  name: `The ${spec.specId}`,
  description: 'What it does',
  supported_input_formats: spec.formats ?? ['txt', 'pdf'],
  required_slots: state.readings.catalogShowsSlots ? spec.slots : [],
  maxInputSizeBytes: spec.maxBytes ?? 1_000_000,
  minFileCount: spec.minFiles ?? 1,
});

function upload(state: ApiState, request: Request): Answer {
  const parts = partsOf(request.contentType, request.body);
  if (typeof parts === 'string') return errorBody(422, 'validation_error', parts);
  const file = parts.find((part) => part.name === 'file');
  if (file === undefined) return errorBody(422, 'validation_error', 'no part is named file');
  const fileId = `file_${randomBytes(4).toString('hex')}`;
  const isGone = state.files.size < state.expiredUploads;
  state.files.set(fileId, { name: file.filename, bytes: file.bytes, isGone });
  return { status: 200, body: { file_id: fileId } };
}

function create(state: ApiState, fields: Fields): Answer {
  const spec = state.workflows.find((item) => item.specId === fields.workflowId);
  const { fileIds } = fields;
  if (spec === undefined || !Array.isArray(fileIds))
    return errorBody(422, 'validation_error', 'workflowId or fileIds');
  const ids = fileIds.map(String);
  const unknown = ids.filter((fileId) => state.files.get(fileId)?.isGone !== false);
  if (unknown.length > 0) return state.expiredFile;
  const job = openJob(spec, ids, state.resultBytes);
  state.jobs.set(job.id, job);
  return { status: 201, body: jobView(state.readings, job) };
}

function fromOutcome(state: ApiState, job: ServerJob, outcome: Outcome, done: () => Answer): Answer {
  if (outcome.ok) return done();
  const more = outcome.fields === undefined ? {} : errorsView(state.readings, outcome.fields);
  const message = `refused: the job is ${job.status} at itemVersion ${job.version}`;
  return errorBody(outcome.status, outcome.error, message, more);
}

const isSlot = (value: unknown): value is { slotId: string; value: unknown } =>
  isFields(value) && typeof value.slotId === 'string' && 'value' in value;

function patch(state: ApiState, job: ServerJob, fields: Fields): Answer {
  const { itemVersion, slots } = fields;
  if (typeof itemVersion !== 'number' || !Array.isArray(slots) || !slots.every(isSlot))
    return errorBody(422, 'validation_error', 'itemVersion and slots are needed');
  return fromOutcome(state, job, fill(job, itemVersion, slots, state.check), () => {
    const { patchReply } = state.readings;
    if (patchReply === 'empty') return { status: 200, body: undefined };
    const body = patchReply === 'version' ? { itemVersion: job.version } : jobView(state.readings, job);
    return { status: 200, body };
  });
}

function confirmCall(state: ApiState, job: ServerJob, fields: Fields): Answer {
  const { itemVersion } = fields;
  if (typeof itemVersion !== 'number') return errorBody(422, 'validation_error', 'itemVersion is needed');
  const before = statusView(state.readings, job);
  return fromOutcome(state, job, confirm(job, itemVersion, state.readings, before), () => {
    const bodies = {
      nothing: undefined,
      job: jobView(state.readings, job),
      version: { itemVersion: job.version },
      status: { status: 'confirming' },
      text: 'Accepted',
    };
    return { status: 202, body: bodies[state.readings.confirmReply] };
  });
}

function download(state: ApiState, job: ServerJob): Answer {
  if (job.status !== 'completed') return errorBody(400, 'invalid_transition', `the job is ${job.status}`);
  if (state.noResult !== undefined) return state.noResult;
  const body = { url: state.urlFor(job), expiresAt: state.expiresAt(), filename: state.filename };
  return { status: 200, body };
}

/** Does what is asked, as the reference says. */
export function act(state: ApiState, request: Request): Answer {
  if (request.call === 'catalog')
    return { status: 200, body: state.workflows.map((spec) => specView(state, spec)) };
  if (request.call === 'upload') return upload(state, request);
  const isChange = ['create', 'slots', 'confirm'].includes(request.call);
  const fields = isChange ? jsonOf(request.contentType, request.body) : {};
  if (typeof fields === 'string') return errorBody(422, 'validation_error', fields);
  if (request.call === 'create') return create(state, fields);
  const job = state.jobs.get(request.jobId ?? '');
  if (job === undefined) return errorBody(404, 'not_found', 'no such job');
  if (request.call === 'job') return { status: 200, body: jobView(state.readings, job) };
  if (request.call === 'slots') return patch(state, job, fields);
  if (request.call === 'confirm') return confirmCall(state, job, fields);
  if (request.call === 'download') return download(state, job);
  return { status: 200, body: countedStatusView(state.readings, job, advance) };
}
