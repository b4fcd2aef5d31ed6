import { z } from 'zod';
import { defined } from '../defined.js';
import { readInstant } from '../time/instant.js';
import { BOUNDS, shortened } from './bounds.js';
import { jsonInWords } from './json-in-words.js';
import {
  id,
  inWords,
  isFields,
  lenient,
  named,
  number,
  pathId,
  plainValue,
  readable,
  safely,
  shortText,
  spelled,
  text,
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

/** An id for a path or a request. */
const boundedPathId = pathId.pipe(z.string().max(BOUNDS.id));

const slotOption = z.union([
  plainValue,
  z
    .preprocess(named('value', 'id', 'key'), z.looseObject({ value: plainValue }))
    .transform((option) => option.value),
]);

/** A map from value to label is accepted as a list of values. */
const slotOptions = z.preprocess(
  (value) => (isFields(value) ? Object.keys(value) : value),
  readable(slotOption, BOUNDS.options),
);

const shortName = lenient(shortText(BOUNDS.name));
const longText = lenient(shortText(BOUNDS.description));

const slotSchema = z
  .preprocess(
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
  )
  .transform((slot): SlotDefinition => {
    const { slotId, type, label, title, prompt, description, value, required, optional } = slot;
    const options = slot.options ?? slot.enum ?? slot.choices;
    const shown = defined({ label: label ?? title ?? prompt, description, options, value });
    return { slotId, type: type ?? 'text', required: required ?? optional !== true, ...shown };
  });

/** A string is accepted as the name of a slot, and a map from id to definition as a list. */
const slotList = z.preprocess(
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

const format = z
  .string()
  .max(BOUNDS.name)
  .transform((value) => value.trim().toLowerCase().replace(/^\./, ''));

const workflowSchema = z
  .preprocess(
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
  )
  .transform(
    (item): Workflow => ({
      specId: item.specId,
      name: item.name ?? item.specId,
      description: item.description ?? '',
      supportedInputFormats: item.supportedInputFormats ?? [],
      requiredSlots: item.requiredSlots ?? [],
      ...defined({ maxInputSizeBytes: item.maxInputSizeBytes, minFileCount: item.minFileCount }),
    }),
  );

/** "Step 1: Workflow Catalog". Items without an id are left out; a list with no valid item is not a catalog. */
export const catalogSchema: z.ZodType<Workflow[]> = z
  .preprocess(
    (value) => unwrapped(value, [], ['workflows', 'items', 'catalog', 'data', 'results']),
    z.array(z.unknown()),
  )
  .transform((items, issues) => {
    const workflows = readable(workflowSchema).parse(items);
    if (items.length > 0 && workflows.length === 0) {
      issues.addIssue({ code: 'custom', message: 'no item has a spec_id' });
      return z.NEVER;
    }
    return workflows;
  });

/** "Step 2: Upload a File". */
export const uploadSchema: z.ZodType<{ fileId: string }> = z.preprocess(
  (value) => named('fileId', 'id')(unwrapped(value, ['fileId', 'id'], ['file', 'data'])),
  z.looseObject({ fileId: boundedPathId }).transform(({ fileId }) => ({ fileId })),
);

const checkpointSchema = z
  .preprocess(
    (value) => named('checkpointId', 'id')(typeof value === 'string' ? { checkpointId: value } : value),
    z.looseObject({
      checkpointId: lenient(text),
      stepOutputPreview: lenient(inWords(BOUNDS.preview)),
      preview: lenient(inWords(BOUNDS.preview)),
      slots: lenient(slotList),
    }),
  )
  .transform(
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
  z
    .preprocess(spelled, z.looseObject({ message: longText, error: longText, code: longText }))
    .transform(({ message, error, code, ...rest }) => {
      const said = message ?? error ?? code;
      if (said !== undefined) return said;
      return Object.keys(rest).length === 0 ? 'unknown error' : jsonInWords(rest, BOUNDS.description);
    }),
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

const jobObject = z.preprocess(
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
export const jobSchema = (jobSpecId?: string): z.ZodType<Job> =>
  jobObject.transform((fields, issues): Job => {
    const isMissing = (message: string): never => {
      issues.addIssue({ code: 'custom', message, path: [] });
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

/** "Step 6: Poll for Status" and "Step 7: Interactive Checkpoints". */
export const statusSchema: z.ZodType<StatusReading & { slots?: readonly SlotDefinition[] }> =
  jobObject.transform((fields, issues) => {
    if (fields.status === undefined) {
      issues.addIssue({ code: 'custom', message: 'status is missing', path: ['status'] });
      return z.NEVER;
    }
    return { ...statusOf(fields.status), ...defined({ slots: fields.slots }), ...shared(fields) };
  });

const instant = z.unknown().transform(readInstant);

const URLS = ['downloadUrl', 'presignedUrl'];

/** "Step 8: Download Results". */
export const downloadSchema: z.ZodType<Download> = z
  .preprocess(
    (value) => named('url', ...URLS)(unwrapped(value, ['url', ...URLS], ['download', 'data'])),
    z.looseObject({
      url: z.url({ protocol: /^https?$/ }),
      expiresAt: lenient(instant),
      filename: lenient(text),
      fileName: lenient(text),
    }),
  )
  .transform(
    ({ url, expiresAt, filename, fileName }): Download => ({
      url,
      ...defined({ expiresAt, filename: filename ?? fileName }),
    }),
  );
