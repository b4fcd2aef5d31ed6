import type { SlotValue } from '../../../services/wire/wire-types.js';
import { fillOpenQuestion } from '../model/calls/fill-slots.js';
import { isBlank } from '../model/check-slots.js';
import type { Exchange } from '../model/exchange.js';
import { confirmJob, isOver, openQuestion, workDone } from '../model/job-lifecycle.js';
import { rememberPast } from '../model/past.js';
import type { EmulatedSlot } from '../model/workflow.js';
import type { RemoteJob } from '../model/world.js';
import type { Fault, JobFault } from './fault.js';

type SecondActor = Extract<JobFault, { kind: 'second-actor' }>;

/** A value that the server accepts, and that a client under test is unlikely to send. */
function theirValue(slot: EmulatedSlot, current: SlotValue | undefined): SlotValue {
  switch (slot.type) {
    case 'text':
      return 'theirs';
    case 'number':
      return 4711;
    case 'boolean':
      return current !== true;
    case 'list':
      return ['theirs'];
    case 'enum':
      return slot.options?.findLast((option) => option !== current) ?? null;
  }
}

function actAsSecond(job: RemoteJob, { does, values }: SecondActor, now: number): boolean {
  const question = openQuestion(job);
  if (question === undefined) return false;
  const wanted = question.slots.filter(
    (slot) => does !== 'confirms' || (slot.required !== false && isBlank(question.values.get(slot.slotId))),
  );
  const slots = wanted.map((slot) => ({
    slotId: slot.slotId,
    value: values?.[slot.slotId] ?? theirValue(slot, question.values.get(slot.slotId)),
  }));
  if (slots.length > 0) fillOpenQuestion(job, slots, now);
  if (does === 'sets-slots') return slots.length > 0;
  rememberPast(job, now);
  confirmJob(job, now);
  return true;
}

/** Pauses the work at its current position; it continues at `at`. */
function rebase(job: RemoteJob, now: number, at: number): void {
  job.done = workDone(job, now);
  job.since = at;
}

function expireFiles({ key, entry, now }: Exchange): boolean {
  const files = (entry.body.fileIds ?? []).flatMap((fileId) => key?.files.get(fileId) ?? []);
  for (const file of files) Object.assign(file, { expiresAt: now, used: false });
  return files.length > 0;
}

function disturb(job: RemoteJob, fault: Fault, { world, now }: Exchange): boolean {
  const { tweaks } = job;
  switch (fault.kind) {
    case 'version-conflict':
      rememberPast(job, now);
      job.itemVersion += 1;
      return true;
    case 'second-actor':
      return actAsSecond(job, fault, now);
    case 'lingering':
      tweaks[fault.phase === 'pending' ? 'acceptedMs' : 'confirmingMs'] = fault.forMs;
      return true;
    case 'stuck':
      tweaks.stuckAt = fault.at ?? 0.99;
      return true;
    case 'stalled-progress':
      if (job.phase !== 'executing') return false;
      rebase(job, now, Math.max(job.since, now) + fault.forMs);
      return true;
    case 'job-fails':
      if (isOver(job)) return false;
      if (job.phase === 'executing') rebase(job, now, now);
      tweaks.failWith = fault.error;
      return true;
    case 'job-lost':
      world.jobs.delete(job.jobSpecId);
      job.key.running.delete(job);
      return true;
    case 'repeated-checkpoint':
      tweaks.repeatCheckpoint = fault.times ?? 1;
      return true;
    case 'retention-ended':
      tweaks.resultGone = true;
      return true;
    case 'changed-result':
      tweaks.resultRevision = (tweaks.resultRevision ?? 0) + 1;
      return true;
    default:
      return false;
  }
}

/** Applies a fault to the job, its files or its result, before the request is handled; false if it changes nothing. */
export function disturbJob(exchange: Exchange, fault: Fault): boolean {
  if (fault.kind === 'file-expired') return expireFiles(exchange);
  return exchange.job !== undefined && disturb(exchange.job, fault, exchange);
}
