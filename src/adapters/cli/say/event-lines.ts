import type { JobHandleEvent } from '../../../engine/job/job-handle.js';
import type { CallState } from '../../../machines/call-state.js';
import type { Failure } from '../../../services/failure.js';
import type { Checkpoint } from '../../../services/wire/wire-types.js';
import { formatUntil, formatWhen } from './format.js';
import { safeLine, safeLines } from './terminal-safe.js';

const CALLS: Readonly<Record<CallState, string>> = {
  validating: 'Reading the catalog',
  queued: 'Waiting for a place',
  uploading: 'Uploading',
  creating: 'Creating the job',
  attaching: 'Looking up the job',
  filling: 'Sending the values',
  sending: 'Starting the job',
  readingAgain: 'Reading the job again',
  reading: 'Reading the status',
  locating: 'Asking for the result',
  saving: 'Downloading the result',
};

/** A call of the machine in words for people. */
export const callInWords = (call: CallState): string => CALLS[call];

/** A failure as one line, followed by a line for each finding. */
export function failureLines(failure: Failure): string[] {
  const { findings = [], message } = failure;
  if (findings.length <= 1) return [safeLine(message)];
  return ['', ...findings.map((finding) => `  - ${safeLine(finding)}`)];
}

const limitWords = (event: Extract<JobHandleEvent, { type: 'rateLimited' }>): string =>
  event.failure.limit === 'concurrency'
    ? `${callInWords(event.call)}: as many jobs run as this key may have; asking again ${formatUntil(event.until, event.at)}`
    : `${callInWords(event.call)}: waiting for the rate limit ${formatUntil(event.until, event.at)}`;

function retryWords(event: Extract<JobHandleEvent, { type: 'retrying' }>): string {
  const when = event.until - event.at < 500 ? 'now' : `at ${formatWhen(event.until, event.at)}`;
  return `${callInWords(event.call)} did not work (${safeLine(event.failure.message)}); trying again ${when}`;
}

/** The content of a checkpoint, as lines for people. */
export function checkpointLines(checkpoint: Checkpoint): string[] {
  const title = `Checkpoint ${safeLine(checkpoint.checkpointId)}`.trim();
  const preview = checkpoint.stepOutputPreview;
  if (preview === undefined || preview.trim() === '') return [`${title}:`];
  return [`${title}:`, ...safeLines(preview).map((line) => `  ${line}`)];
}

/** The lines of an event for people; none if the bar or the end of the command shows it better. */
export function eventLines(event: JobHandleEvent): string[] {
  switch (event.type) {
    case 'created':
      return [`Job ${safeLine(event.jobSpecId)} is created`];
    case 'checkpoint':
      return checkpointLines(event.checkpoint);
    case 'rateLimited':
      return [limitWords(event)];
    case 'retrying':
      return [retryWords(event)];
    case 'conflictResolved':
      return ['The job was changed by someone else meanwhile; continuing with its newest version'];
    default:
      return [];
  }
}
