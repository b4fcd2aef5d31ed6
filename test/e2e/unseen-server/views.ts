import type { FieldError, ServerJob, Slot } from './job-book.js';
import type { Readings } from './readings.js';

const withValues = (readings: Readings, job: ServerJob, slots: readonly Slot[]): readonly Slot[] =>
  readings.showsValues
    ? slots.map((slot) =>
        !Object.hasOwn(job.values, slot.slotId) ? slot : { ...slot, value: job.values[slot.slotId] },
      )
    : slots;

/** The status word that a read shows now; words that linger are counted down by `step`. */
function word(job: ServerJob): string {
  if (job.lingering.pending > 0) return 'pending';
  return job.lingering.confirming > 0 ? 'confirming' : job.status;
}

const checkpointView = (readings: Readings, job: ServerJob): object =>
  job.checkpoint === undefined
    ? {}
    : { checkpoint: { ...job.checkpoint, slots: withValues(readings, job, job.checkpoint.slots) } };

const errorView = (job: ServerJob): object => (job.error === undefined ? {} : { error: job.error });

/** Step 6 and 7. */
export function statusView(readings: Readings, job: ServerJob): Readonly<Record<string, unknown>> {
  const status = word(job);
  const hasVersion =
    readings.statusVersion === 'always' ||
    (readings.statusVersion === 'slot_needed' && status === 'slot_needed');
  return {
    status,
    ...(status === 'executing' ? job.shown : {}),
    ...checkpointView(readings, job),
    ...errorView(job),
    ...(hasVersion ? { itemVersion: job.version } : {}),
  };
}

/** A status read as it is sent: what lingers first. */
export function countedStatusView(
  readings: Readings,
  job: ServerJob,
  advance: (job: ServerJob) => void,
): Readonly<Record<string, unknown>> {
  const { lingering } = job;
  if (lingering.stale > 0 && job.before !== undefined) {
    lingering.stale -= 1;
    return job.before;
  }
  if (lingering.pending > 0 || lingering.confirming > 0) {
    const view = statusView(readings, job);
    if (lingering.pending > 0) lingering.pending -= 1;
    else lingering.confirming -= 1;
    return view;
  }
  advance(job);
  return statusView(readings, job);
}

/** `GET /jobs/goal/{id}`, and what create and PATCH return. */
export function jobView(readings: Readings, job: ServerJob): Readonly<Record<string, unknown>> {
  const asked = job.status === 'pending' ? job.asked : [];
  return {
    jobSpecId: job.id,
    status: word(job),
    slots: withValues(readings, job, asked),
    itemVersion: job.version,
    ...(readings.jobShowsCheckpoint ? checkpointView(readings, job) : {}),
    ...errorView(job),
  };
}

/** The `errors` of a 422, whose entries' shape the reference leaves open. */
export function errorsView(readings: Readings, fields: readonly FieldError[]): object {
  switch (readings.fieldErrors) {
    case 'field':
      return { errors: fields.map(({ slotId, message }) => ({ field: slotId, message })) };
    case 'slotId':
      return { errors: fields.map(({ slotId, message }) => ({ slotId, error: message })) };
    case 'loc':
      return {
        errors: fields.map(({ index, message }) => ({
          loc: ['body', 'slots', index, 'value'],
          msg: message,
        })),
      };
    case 'text':
      return { errors: fields.map(({ slotId, message }) => `${slotId}: ${message}`) };
    case 'map':
      return { errors: Object.fromEntries(fields.map(({ slotId, message }) => [slotId, [message]])) };
    case 'none':
      return {};
  }
}
