import { freshId } from '../../../engine/binding/fresh-id.js';
import { valueShown } from '../../../machines/question/slot-value.js';
import { refuseInput } from '../../../services/refuse-input.js';
import type { FleetClient, FleetResumption } from './fleet-client.js';
import type { Ingress } from './ingress.js';
import { look } from './seen-job.js';

type Parts = Pick<FleetClient, 'start' | 'forget'> & { readonly ingress: Ingress };

/** Follows one detached job again; returns its new id. @throws GoalLaneError */
async function resumeOne({ ingress, start, forget }: Parts, id: string): Promise<string> {
  // For a moment after the end the engine shows neither the running nor the ended job: this waits.
  const { output } = await look(ingress, id, Number.MAX_SAFE_INTEGER);
  const ended = await ingress.ended(id);
  const jobSpecId = output?.jobSpecId;
  if (ended === undefined || ended === 'ending' || output?.status !== 'detached' || jobSpecId === undefined)
    refuseInput([`job ${id} was not detached, or there is no job on the server`], 'Start a new job.');
  const as = freshId();
  // First the new one: a crash in between leaves two entries of one job, and none lost.
  await start({ id: as, jobSpecId, key: ended.keyId });
  await forget(id).catch(() => false);
  return as;
}

/** Each job gets a new id: the engine remembers the start of the old one. */
export async function resumeJobs(parts: Parts, ids: readonly string[]): Promise<FleetResumption> {
  if (!Array.isArray(ids)) refuseInput([`ids is ${valueShown(ids)}; allowed is a list of ids`], 'Fix it.');
  const refused: { id: string; error: unknown }[] = [];
  const moved: { id: string; as: string }[] = [];
  for (const id of ids)
    await resumeOne(parts, id).then(
      (as) => moved.push({ id, as }),
      (error: unknown) => refused.push({ id, error }),
    );
  return { refused, moved };
}
