import { isResultGone } from '../../machines/failure/let-go-failure.js';
import type { JobContext } from '../../machines/job-context.js';
import { defined } from '../../services/defined.js';
import type { JobRecord, Retention } from '../store/record/job-record.js';
import type { JobSummary } from '../store/record/job-summary.js';
import { asSummary, createStandingOf } from './create-standing.js';

/** The pre-signed URL is valid for 1 h ("Step 8: Download Results"). */
export const URL_LIFE_MS = 3_600_000;
/**
 * The server keeps a result for 24 h after completion ("Step 8: Download Results"), and a file that no job uses for 24 h ("Step
 * 2: Upload a File").
 */
export const DAY_MS = 24 * 3_600_000;

/** When an uploaded file that no job uses expires, epoch ms. */
export const uploadExpiresAt = (uploadedAt: number): number => uploadedAt + DAY_MS;

/** The server reported that it no longer keeps the result, and was believed. */
const isKnownGone = ({ detachReason, failure }: JobContext): boolean =>
  detachReason === 'unreachable' && failure !== undefined && isResultGone(failure);

/** The absolute times after which something of the job is gone. `before` are the known times, which stay. */
export function retentionOf(
  context: JobContext,
  lifecycle: string,
  before: Retention,
  now: number,
): Retention {
  const isCompleted = lifecycle === 'downloading' || lifecycle === 'completed';
  const { download } = context;
  const uploads = context.uploads.flatMap((upload) => (upload === null ? [] : [upload.uploadedAt]));
  const areUnused = context.jobSpecId === undefined && uploads.length > 0;
  const resultExpiresAt = before.resultExpiresAt ?? (isCompleted ? now + DAY_MS : undefined);
  const urlExpiresAt = download ? (download.expiresAt ?? now + URL_LIFE_MS) : before.urlExpiresAt;
  return defined({
    filesExpireAt: areUnused ? uploadExpiresAt(Math.min(...uploads)) : undefined,
    // If the server did not state it: the job completed at the latest when we learned of it.
    resultExpiresAt: isKnownGone(context) ? Math.min(now, resultExpiresAt ?? now) : resultExpiresAt,
    urlExpiresAt: isCompleted ? urlExpiresAt : undefined,
  });
}

/** What can still be done with a stored job. */
export interface Prospects {
  readonly canResume: boolean;
  /** Full sentences, for people. */
  readonly notes: readonly string[];
}

/** A store may contain a time of an older release that is out of the range of Date. */
const day = (at: number): string => (Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : String(at));

/** Older releases stored a job as failed that they had only lost contact with: it may be alive (law 7, never disowned). */
function isDisowned({ state, jobSpecId, failureKind }: JobSummary): boolean {
  if (state !== 'failed' || jobSpecId === undefined) return false;
  return failureKind !== undefined && failureKind !== 'job-failed';
}

/** What is still possible with a stored job at a time (epoch ms), from its absolute times. */
export function prospectsOf(job: JobRecord | JobSummary, now: number): Prospects {
  const record = asSummary(job);
  const { retention } = record;
  const resultIsGone = retention.resultExpiresAt !== undefined && now >= retention.resultExpiresAt;
  if (record.state === 'completed') return { canResume: false, notes: completedNotes(record, now) };
  if (record.state === 'failed' && !isDisowned(record)) {
    return { canResume: false, notes: ['The job has failed: there is nothing to resume.'] };
  }
  if (resultIsGone) {
    const kept = `The job completed, and its result was kept until ${day(retention.resultExpiresAt)} (24 h); it is gone.`;
    return { canResume: false, notes: [kept, 'The same input can be run again as a new job.'] };
  }
  const lost = isDisowned(record)
    ? ['An older goal-lane gave the job up; it may be alive on the server.']
    : [];
  return { canResume: true, notes: [...lost, ...decisionNotes(record), ...expiryNotes(record, now)] };
}

const UNDECIDED_NOTE =
  'It is not known whether the job was created, and a person has to decide: look in the account; resume it to adopt the job by its id, to retry, or to leave it.';

const decisionNotes = (record: JobSummary): string[] =>
  createStandingOf(record) === 'undecided' ? [UNDECIDED_NOTE] : [];

function expiryNotes({ retention }: JobSummary, now: number): string[] {
  const { filesExpireAt, urlExpiresAt, resultExpiresAt } = retention;
  return [
    ...(filesExpireAt !== undefined && now >= filesExpireAt
      ? [`Uploaded files expired at ${day(filesExpireAt)}; they will be uploaded again.`]
      : []),
    ...(urlExpiresAt !== undefined && now >= urlExpiresAt
      ? [`The download URL expired at ${day(urlExpiresAt)}; a fresh one will be asked for.`]
      : []),
    ...(resultExpiresAt !== undefined
      ? [`The job has completed; its result is kept until ${day(resultExpiresAt)}.`]
      : []),
  ];
}

function completedNotes({ completed, retention }: JobSummary, now: number): string[] {
  const { resultExpiresAt } = retention;
  const saved = completed ? [`The result is in ${completed.file}.`] : [];
  if (resultExpiresAt === undefined) return saved;
  if (now >= resultExpiresAt)
    return [...saved, `The server kept its copy until ${day(resultExpiresAt)}; it is gone.`];
  return [
    ...saved,
    `The server keeps its copy until ${day(resultExpiresAt)}: attach to the job to fetch it.`,
  ];
}
