import { defined } from '../../../services/defined.js';
import type { SlotValue } from '../../../services/wire/wire-types.js';
import { openCheckpoint, workDone } from './job-lifecycle.js';
import { progressOf } from './progress-curve.js';
import type { EmulatedSlot, EmulatedWorkflow } from './workflow.js';
import type { Phase, RemoteJob } from './world.js';

type Fields = Readonly<Record<string, unknown>>;

/** The status word of the reference. */
export const statusWord = (phase: Phase): string => (phase === 'accepted' ? 'pending' : phase);

function slotView(slot: EmulatedSlot, value: SlotValue | undefined): Fields {
  const { slotId, type, label, description, options, required } = slot;
  return defined({ slotId, type, label, description, options, required, value });
}

const slotViews = (slots: readonly EmulatedSlot[], values: ReadonlyMap<string, SlotValue>): Fields[] =>
  slots.map((slot) => slotView(slot, values.get(slot.slotId)));

/** A catalog item in the spelling of "Step 1: Workflow Catalog". */
export const catalogItem = (workflow: EmulatedWorkflow): Fields => ({
  spec_id: workflow.specId,
  name: workflow.name,
  description: workflow.description,
  supported_input_formats: workflow.supportedInputFormats,
  required_slots: workflow.requiredSlots.map((slot) => slotView(slot, undefined)),
  maxInputSizeBytes: workflow.maxInputSizeBytes,
  minFileCount: workflow.minFileCount,
});

function progressView(job: RemoteJob, now: number): Fields {
  if (job.phase !== 'executing') return {};
  const { steps, curve } = job.workflow.execution;
  const done = workDone(job, now);
  const step = steps?.[Math.min(steps.length - 1, Math.floor(done * steps.length))];
  const progress = progressOf(curve ?? 'linear', done, now - job.createdAt, job.number);
  return defined({ progress, currentStep: step });
}

function checkpointView(job: RemoteJob): Fields {
  const checkpoint = openCheckpoint(job);
  if (checkpoint === undefined) return {};
  const { checkpointId, stepOutputPreview, slots } = checkpoint;
  const shown = defined({ checkpointId, stepOutputPreview });
  return { checkpoint: { ...shown, slots: slotViews(slots, job.checkpointValues) } };
}

/**
 * A status read ("Step 6: Poll for Status" and "Step 7: Interactive Checkpoints"): the item version comes with `slot_needed`,
 * otherwise only by option.
 */
export function statusView(job: RemoteJob, now: number, versionAlways: boolean): Fields {
  const version = versionAlways || job.phase === 'slot_needed' ? { itemVersion: job.itemVersion } : {};
  return {
    status: statusWord(job.phase),
    ...progressView(job, now),
    ...checkpointView(job),
    ...defined({ error: job.error }),
    ...version,
  };
}

/** The job as create, read and PATCH return it ("Step 3: Create a Job" to "Step 5: Confirm & Start Execution"). */
export function jobView(job: RemoteJob, now: number): Fields {
  return {
    jobSpecId: job.jobSpecId,
    workflowId: job.workflow.specId,
    slots: slotViews(job.workflow.requiredSlots, job.values),
    ...statusView(job, now, true),
  };
}
