import * as z from 'zod/mini';
import { defined } from '../defined.js';
import { readInstant } from '../time/instant.js';
import { BOUNDS, shortened } from './bounds.js';
import { jsonInWords } from './json-in-words.js';
import {
  httpUrl,
  id,
  inWords,
  isFields,
  lenient,
  mapped,
  named,
  number,
  pathId,
  plainValue,
  prepared,
  readable,
  safely,
  shortText,
  spelled,
  text,
  textUpTo,
  unwrapped,
  version,
} from './lenient-zod.js';
import {
  type Checkpoint,
  type Download,
  JOB_STATUSES,
  type Job,
  type JobEcho,
  type JobStatus,
  type SlotDefinition,
  type StatusReading,
  type Workflow,
} from './wire-types.js';

/**
 * The only place that knows the wire's spelling. The reference mixes snake_case and camelCase, so both are accepted for every
 * field. Unknown fields are ignored; `null` means missing.
 */

/** An id that will stand in a path or a request. */
const boundedPathId = z.pipe(pathId, textUpTo(BOUNDS.id));

const slotOption = z.union([
  plainValue,
  mapped(
    prepared(named('value', 'id', 'key'), z.looseObject({ value: plainValue })),
    (option) => option.value,
  ),
]);

/** A map from value to label is a list of values too. */
const slotOptions = prepared(
  (value) => (isFields(value) ? Object.keys(value) : value),
  readable(slotOption, BOUNDS.options),
);

const shortName = lenient(shortText(BOUNDS.name));
const longText = lenient(shortText(BOUNDS.description));

const slotSchema = mapped(
  prepared(
    named('slotId', 'id', 'name', 'key'),
    z.looseObject({
      slotId: id,
      type: shortName,
      label: shortName,
      title: shortName,
      prompt: shortName,
      description: longText,
      options: lenient(slotOptions),
      enum: lenient(slotOptions),
      choices: lenient(slotOptions),
      required: lenient(z.boolean()),
      optional: lenient(z.boolean()),
      value: lenient(plainValue),
    }),
  ),
  (slot): SlotDefinition => {
    const { slotId, type, label, title, prompt, description, value, required, optional } = slot;
    const options = slot.options ?? slot.enum ?? slot.choices;
    const shown = defined({ label: label ?? title ?? prompt, description, options, value });
    return { slotId, type: type ?? 'text', required: required ?? optional !== true, ...shown };
  },
);

/** A bare string names a slot as well as an object does; a map from id to definition is a list too. */
const slotList = prepared(
  (value) => {
    const list = isFields(value)
      ? Object.entries(value).map(([slotId, slot]) =>
          isFields(slot) ? { slotId, ...slot } : { slotId, value: slot },
        )
      : value;
    return Array.isArray(list)
      ? list.map((slot: unknown) => (typeof slot === 'string' ? { slotId: slot } : slot))
      : list;
  },
  readable(slotSchema, BOUNDS.slots),
);

const format = mapped(textUpTo(BOUNDS.name), (value) => value.trim().toLowerCase().replace(/^\./, ''));

const workflowSchema = mapped(
  prepared(
    named('specId', 'workflowId', 'id'),
    z.looseObject({
      specId: id,
      name: shortName,
      description: longText,
      supportedInputFormats: lenient(readable(format, BOUNDS.formats)),
      requiredSlots: lenient(slotList),
      maxInputSizeBytes: lenient(number),
      minFileCount: lenient(number),
    }),
  ),
  (item): Workflow => ({
    specId: item.specId,
    name: item.name ?? item.specId,
    description: item.description ?? '',
    supportedInputFormats: item.supportedInputFormats ?? [],
    requiredSlots: item.requiredSlots ?? [],
    ...defined({ maxInputSizeBytes: item.maxInputSizeBytes, minFileCount: item.minFileCount }),
  }),
);

/** Step 1. Items without an id are left out; a list of nothing else is no catalog. */
export const catalogSchema: z.ZodMiniType<Workflow[]> = mapped(
  prepared(
    (value) => unwrapped(value, [], ['workflows', 'items', 'catalog', 'data', 'results']),
    z.array(z.unknown()),
  ),
  (items, { issues }) => {
    const workflows = readable(workflowSchema).parse(items);
    if (items.length > 0 && workflows.length === 0) {
      issues.push({ code: 'custom', message: 'no item has a spec_id', input: items });
      return z.NEVER;
    }
    return workflows;
  },
);

/** Step 2. */
export const uploadSchema: z.ZodMiniType<{ fileId: string }> = prepared(
  (value) => named('fileId', 'id')(unwrapped(value, ['fileId', 'id'], ['file', 'data'])),
  mapped(z.looseObject({ fileId: boundedPathId }), ({ fileId }) => ({ fileId })),
);

const checkpointSchema = mapped(
  prepared(
    (value) => named('checkpointId', 'id')(typeof value === 'string' ? { checkpointId: value } : value),
    z.looseObject({
      checkpointId: lenient(text),
      stepOutputPreview: lenient(inWords(BOUNDS.preview)),
      preview: lenient(inWords(BOUNDS.preview)),
      slots: lenient(slotList),
    }),
  ),
  (checkpoint): Checkpoint => ({
    checkpointId: checkpoint.checkpointId ?? '',
    slots: checkpoint.slots ?? [],
    ...defined({ stepOutputPreview: checkpoint.stepOutputPreview ?? checkpoint.preview }),
  }),
);

const isJobStatus = (word: string): word is JobStatus => JOB_STATUSES.some((status) => status === word);

/** `SLOT_NEEDED`, `slot-needed` and `slotNeeded` are the same word; an unknown word is kept as sent. */
function statusOf(word: string): { status: JobStatus | 'unknown'; statusWord: string } {
  const known = word
    .trim()
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  return { status: isJobStatus(known) ? known : 'unknown', statusWord: shortened(word, BOUNDS.name) };
}

const errorText = z.union([
  shortText(BOUNDS.description),
  mapped(
    prepared(spelled, z.looseObject({ message: longText, error: longText, code: longText })),
    ({ message, error, code, ...rest }) => {
      const said = message ?? error ?? code;
      if (said !== undefined) return said;
      return Object.keys(rest).length === 0 ? 'unknown error' : jsonInWords(rest, BOUNDS.description);
    },
  ),
  inWords(BOUNDS.description),
]);

const jobFields = z.looseObject({
  jobSpecId: lenient(boundedPathId),
  status: lenient(text),
  workflowId: lenient(text),
  slots: lenient(slotList),
  itemVersion: lenient(version),
  progress: lenient(number),
  currentStep: shortName,
  checkpoint: lenient(checkpointSchema),
  error: lenient(errorText),
});

const jobObject = prepared(
  (value) =>
    named(
      'jobSpecId',
      'jobId',
      'id',
    )(unwrapped(value, ['status', 'jobSpecId', 'jobId', 'id', 'itemVersion'], ['job', 'data'])),
  jobFields,
);

type JobFields = z.infer<typeof jobFields>;

const shared = ({ workflowId, itemVersion, progress, currentStep, checkpoint, error }: JobFields) =>
  defined({ workflowId, itemVersion, progress, currentStep, checkpoint, error });

/**
 * "Step 3: Create a Job", and GET of the job, whose id is then known. A create without a status is `pending`. A GET without a
 * status leaves it unknown (an empty word), and one without any known field is not a job.
 */
export const jobSchema = (jobSpecId?: string): z.ZodMiniType<Job> =>
  mapped(jobObject, (fields, { issues }): Job => {
    const isMissing = (message: string): never => {
      issues.push({ code: 'custom', message, path: [], input: fields });
      return z.NEVER;
    };
    const jobId = fields.jobSpecId ?? jobSpecId;
    if (jobId === undefined) return isMissing('jobSpecId is missing');
    const said = [fields.status, fields.itemVersion, fields.slots, fields.checkpoint];
    if (jobSpecId !== undefined && said.every((field) => field === undefined))
      return isMissing('status, itemVersion and slots are missing');
    const unsaid = { ...statusOf('pending'), ...(jobSpecId === undefined ? {} : { statusWord: '' }) };
    return {
      jobSpecId: jobId,
      ...defined({ slots: fields.slots }),
      ...(fields.status === undefined ? unsaid : statusOf(fields.status)),
      ...shared(fields),
    };
  });

/** The reply to a PATCH or a confirm: the job, a part of it, or nothing (202 without a body). */
export function parseEcho(jobSpecId: string, body: unknown): JobEcho {
  const parsed = safely(() => jobObject.safeParse(body));
  if (!parsed?.success) return { jobSpecId };
  const { status, slots } = parsed.data;
  return {
    jobSpecId,
    ...(status === undefined ? {} : statusOf(status)),
    ...defined({ slots }),
    ...shared(parsed.data),
  };
}

/** Steps 6 and 7. */
export const statusSchema: z.ZodMiniType<StatusReading & { slots?: readonly SlotDefinition[] }> = mapped(
  jobObject,
  (fields, { issues }) => {
    if (fields.status === undefined) {
      issues.push({ code: 'custom', message: 'status is missing', path: ['status'], input: fields });
      return z.NEVER;
    }
    return { ...statusOf(fields.status), ...defined({ slots: fields.slots }), ...shared(fields) };
  },
);

const instant = mapped(z.unknown(), readInstant);

const URLS = ['downloadUrl', 'presignedUrl'];

/** Step 8. */
export const downloadSchema: z.ZodMiniType<Download> = mapped(
  prepared(
    (value) => named('url', ...URLS)(unwrapped(value, ['url', ...URLS], ['download', 'data'])),
    z.looseObject({
      url: httpUrl,
      expiresAt: lenient(instant),
      filename: lenient(text),
      fileName: lenient(text),
    }),
  ),
  ({ url, expiresAt, filename, fileName }): Download => ({
    url,
    ...defined({ expiresAt, filename: filename ?? fileName }),
  }),
);
