import type { SnapshotFrom } from 'xstate';
import type { goalJobMachine, JobContext } from '../../src/machines/index.js';

type Snapshot = SnapshotFrom<typeof goalJobMachine>;

/** The calls whose setbacks can still matter in a lifecycle state. */
const LIVE: Readonly<Record<string, RegExp>> = {
  preparing: /inspecting|validating|uploading|creating|attaching/,
  downloading: /locating|saving/,
};
const IN_BETWEEN = /filling|requesting|refreshingVersion|reading/;

const attemptsOf = ({ setbacks }: JobContext, lifecycle: string): unknown =>
  Object.entries(setbacks)
    .filter(([call]) => (LIVE[lifecycle] ?? IN_BETWEEN).test(call))
    .map(([call, setback]) => [call, setback.attempts])
    .sort();

const questionOf = ({ question }: JobContext): unknown =>
  question && [
    question.checkpoint?.checkpointId ?? null,
    question.values,
    question.held,
    question.fieldErrors.length,
    question.conflicts,
    question.uncertain,
    question.slots.length,
  ];

/** What can matter to the future of a job, and nothing else: no texts, no times, and what only another lifecycle state reads is left out. */
export function keyOf({ value, status, context }: Snapshot): string {
  if (status !== 'active') return JSON.stringify([value, status, context.detachReason]);
  const attempts = attemptsOf(context, Object.keys(value)[0] ?? '');
  if (typeof value === 'object' && 'downloading' in value) {
    return JSON.stringify([value, attempts, context.refusedDownloads, context.interrupted]);
  }
  if (typeof value === 'object' && 'preparing' in value) {
    const uploads = context.uploads.map((upload) => upload !== null);
    const { itemVersion, jobSpecId, interrupted } = context;
    return JSON.stringify([
      value,
      attempts,
      uploads,
      Math.min(context.reuploads, 1),
      jobSpecId,
      interrupted,
      itemVersion,
    ]);
  }
  const { itemVersion, versionDoubted, answered, staleReadings, startAllowed, turns } = context;
  const path = JSON.stringify(value);
  const isMending = /refreshing|backing|rateLimited/.test(path);
  const mending = isMending ? [context.interrupted, context.sentVersion] : [];
  return JSON.stringify([
    value,
    attempts,
    questionOf(context),
    [itemVersion, versionDoubted, answered, staleReadings, startAllowed, turns],
    mending,
  ]);
}
