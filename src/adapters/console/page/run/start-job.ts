import type { Workflow } from '../../../../services/wire/wire-types.js';
import { call } from '../live/api.js';
import { type Draft, readDraft, typedIn } from '../live/drafts.js';
import { freshId } from '../live/fresh-id.js';
import { slotValueOf } from '../parts/slot-field.js';
import { uploadStore } from './upload-store.js';

/** Names in a draft that are not slots. */
export const OWN = { jobId: ' job', confirm: ' confirm', priority: ' priority' } as const;

/** A draft keeps the id of its job until the job exists, so a second press, a retry or a reload starts the same job. */
export function jobIdOf(key: string, set: (name: string, typed: string) => void): string {
  const known = readDraft(key)[OWN.jobId];
  if (known !== undefined) return known;
  const id = freshId();
  set(OWN.jobId, id);
  return id;
}

/** @throws ApiError */
export async function startJob(workflow: Workflow, draft: Draft, id: string): Promise<void> {
  const slots = workflow.requiredSlots.flatMap((slot) => {
    const value = slotValueOf(slot, typedIn(draft, slot.slotId) ?? '');
    return value === undefined ? [] : [[slot.slotId, value] as const];
  });
  await call('POST', '/api/jobs', {
    id,
    workflowId: workflow.specId,
    uploads: uploadStore.get().map((upload) => upload.id),
    slots,
    confirm: draft[OWN.confirm] === 'yes' ? 'manual' : 'auto',
    priority: draft[OWN.priority] === 'yes' ? 10 : 0,
  });
}
