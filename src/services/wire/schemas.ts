import { defined } from '../defined.js';
import { readInstant } from '../time/instant.js';
import { BOUNDS, shortened } from './bounds.js';
import { jsonInWords } from './json-in-words.js';
import {
  boolean,
  type FieldsRead,
  fields,
  httpUrl,
  id,
  inWords,
  isFields,
  lenient,
  list,
  mapped,
  named,
  number,
  objectOf,
  oneOf,
  pathId,
  plainValue,
  prepared,
  type Reader,
  readable,
  readItems,
  safely,
  shortText,
  spelled,
  text,
  textUpTo,
  Unreadable,
  unwrapped,
  version,
} from './readers.js';
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
const boundedPathId = textUpTo(BOUNDS.id, pathId);

const slotOption = oneOf(
  plainValue,
  mapped(prepared(named('value', 'id', 'key'), objectOf({ value: plainValue })), (option) => option.value),
);

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
    objectOf({
      slotId: id,
      type: shortName,
      label: shortName,
      title: shortName,
      prompt: shortName,
      description: longText,
      options: lenient(slotOptions),
      enum: lenient(slotOptions),
      choices: lenient(slotOptions),
      required: lenient(boolean),
      optional: lenient(boolean),
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
    objectOf({
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
export const catalogSchema: Reader<Workflow[]> = mapped(
  prepared((value) => unwrapped(value, [], ['workflows', 'items', 'catalog', 'data', 'results']), list),
  (items, path = '') => {
    const workflows = readItems(workflowSchema, items);
    return items.length > 0 && workflows.length === 0
      ? new Unreadable(path, 'no item has a spec_id')
      : workflows;
  },
);

/** Step 2. */
export const uploadSchema: Reader<{ fileId: string }> = prepared(
  (value) => named('fileId', 'id')(unwrapped(value, ['fileId', 'id'], ['file', 'data'])),
  mapped(objectOf({ fileId: boundedPathId }), ({ fileId }) => ({ fileId })),
);

const checkpointSchema = mapped(
  prepared(
    (value) => named('checkpointId', 'id')(typeof value === 'string' ? { checkpointId: value } : value),
    objectOf({
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

/** What an error's object says, or else the object itself. */
const errorObject = mapped(prepared(spelled, fields), ({ message, error, code, ...rest }) => {
  const said = [message, error, code].map(longText).find((words) => words !== undefined);
  if (said !== undefined) return said;
  return Object.keys(rest).length === 0 ? 'unknown error' : jsonInWords(rest, BOUNDS.description);
});

const errorText = oneOf(shortText(BOUNDS.description), errorObject, inWords(BOUNDS.description));

const jobReaders = {
  jobSpecId: lenient(boundedPathId),
  status: lenient(text),
  workflowId: lenient(text),
  slots: lenient(slotList),
  itemVersion: lenient(version),
  progress: lenient(number),
  currentStep: shortName,
  checkpoint: lenient(checkpointSchema),
  error: lenient(errorText),
};

const jobObject = prepared(
  (value) =>
    named(
      'jobSpecId',
      'jobId',
      'id',
    )(unwrapped(value, ['status', 'jobSpecId', 'jobId', 'id', 'itemVersion'], ['job', 'data'])),
  objectOf(jobReaders),
);

type JobFields = FieldsRead<typeof jobReaders>;

const shared = ({ workflowId, itemVersion, progress, currentStep, checkpoint, error }: JobFields) =>
  defined({ workflowId, itemVersion, progress, currentStep, checkpoint, error });

/**
 * "Step 3: Create a Job", and GET of the job, whose id is then known. A create without a status is `pending`. A GET without a
 * status leaves it unknown (an empty word), and one without any known field is not a job.
 */
export const jobSchema = (jobSpecId?: string): Reader<Job> =>
  mapped(jobObject, (fields, path = '') => {
    const jobId = fields.jobSpecId ?? jobSpecId;
    if (jobId === undefined) return new Unreadable(path, 'jobSpecId is missing');
    const said = [fields.status, fields.itemVersion, fields.slots, fields.checkpoint];
    if (jobSpecId !== undefined && said.every((field) => field === undefined))
      return new Unreadable(path, 'status, itemVersion and slots are missing');
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
  const read = safely(() => jobObject(body));
  if (read === undefined || read instanceof Unreadable) return { jobSpecId };
  const { status, slots } = read;
  return {
    jobSpecId,
    ...(status === undefined ? {} : statusOf(status)),
    ...defined({ slots }),
    ...shared(read),
  };
}

/** Steps 6 and 7. */
export const statusSchema: Reader<StatusReading & { slots?: readonly SlotDefinition[] }> = mapped(
  jobObject,
  (fields) => {
    if (fields.status === undefined) return new Unreadable('status', 'status is missing');
    return { ...statusOf(fields.status), ...defined({ slots: fields.slots }), ...shared(fields) };
  },
);

const URLS = ['downloadUrl', 'presignedUrl'];

/** Step 8. */
export const downloadSchema: Reader<Download> = mapped(
  prepared(
    (value) => named('url', ...URLS)(unwrapped(value, ['url', ...URLS], ['download', 'data'])),
    objectOf({
      url: httpUrl,
      expiresAt: lenient(readInstant),
      filename: lenient(text),
      fileName: lenient(text),
    }),
  ),
  ({ url, expiresAt, filename, fileName }): Download => ({
    url,
    ...defined({ expiresAt, filename: filename ?? fileName }),
  }),
);
