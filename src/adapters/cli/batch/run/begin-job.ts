import type { JobHandle } from '../../../../engine/job/job-handle.js';
import type { JobRecord } from '../../../../engine/store/record/job-record.js';
import type { JobOptions } from '../../../../machines/job-input.js';
import { sameValue } from '../../../../machines/question/question.js';
import { slotIn } from '../../../../machines/question/slot-value.js';
import type { SlotValue } from '../../../../services/wire/wire-types.js';
import { optionsOf } from '../check/line-checks.js';
import type { BatchLine } from '../manifest/batch-line.js';
import { againId } from '../manifest/line-id.js';
import type { BatchRun } from './batch-run.js';

type Values = Readonly<Record<string, SlotValue>>;

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

/** Only new values: answers that are given again would be used from their beginning. */
function newIn(given: Values | undefined, stored: unknown): Values | undefined {
  const isNew = ([slotId, value]: [string, SlotValue]): boolean => {
    // Boundary: the stored values come from a job's input.
    const before = slotIn(stored as Values | undefined, slotId);
    return !sameValue(before, value);
  };
  const entries = Object.entries(given ?? {}).filter(isNew);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}

function changesFor(record: JobRecord | undefined, { slots, answers, ...options }: JobOptions): JobOptions {
  const stored = record?.input;
  // Boundary: a list of answers is treated like any other value here.
  const newAnswers = newIn(answers as Values | undefined, fieldOf(stored, 'answers'));
  const newSlots = newIn(slots, fieldOf(stored, 'slots'));
  return {
    ...options,
    ...(newSlots ? { slots: newSlots } : {}),
    ...(newAnswers ? { answers: newAnswers } : {}),
  };
}

export function startJob(run: BatchRun, line: BatchLine): JobHandle {
  const { id, workflowId, files, priority } = line;
  run.session.putInto(id, line.out ?? run.outDir);
  const options = optionsOf(line, run.optionsNow());
  return run.session.lane.start({
    ...options,
    workflowId,
    files,
    id,
    ...(priority === undefined ? {} : { priority }),
  });
}

/** @throws the error with which the lane refuses it */
export async function resumeJob(run: BatchRun, line: BatchLine, jobId: string): Promise<JobHandle> {
  const { lane, store, putInto } = run.session;
  putInto(jobId, line.out ?? run.outDir);
  const record = await store.load(jobId);
  const { handles, refused } = await lane.resume(
    [jobId],
    changesFor(record, optionsOf(line, run.optionsNow())),
  );
  const [handle] = handles;
  if (handle !== undefined) return handle;
  throw refused[0]?.error ?? new Error(`the store holds no job ${jobId} any more`);
}

/** Downloads the result of a completed job again; this creates nothing. */
export async function fetchAgain(run: BatchRun, line: BatchLine, jobSpecId: string): Promise<JobHandle> {
  const { lane, store, putInto, forgetEnded } = run.session;
  const id = againId(line.id);
  const before = await store.load(id);
  if (before !== undefined && before.state !== 'completed' && before.state !== 'failed')
    return resumeJob(run, line, id);
  await forgetEnded(id);
  putInto(id, line.out ?? run.outDir);
  return lane.start({ jobSpecId, id, ...run.optionsNow() });
}
