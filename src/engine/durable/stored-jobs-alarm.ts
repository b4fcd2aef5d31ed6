import { guardedCall } from '../../services/guarded-call.js';
import { stackOf } from '../binding/as-failure.js';
import type { StoredJobsOptions, StoredJobsWarning } from './stored-jobs.js';

export type StoredJobsAlarm = (warning: StoredJobsWarning) => void;

/** Reports a warning to the host and the log. Errors of the host's listener are ignored. */
export function createStoredJobsAlarm({ onWarning, logger }: StoredJobsOptions): StoredJobsAlarm {
  return (warning) => {
    const error = 'error' in warning ? warning.error : undefined;
    const reason = error instanceof Error ? error.message : undefined;
    const job = 'jobId' in warning ? warning.jobId : undefined;
    const level = LOUD.has(warning.type) ? 'error' : 'warn';
    logger?.[level]({ job, warning: warning.type, reason }, WORDS[warning.type]);
    guardedCall(
      () => onWarning?.(warning),
      (thrown) =>
        logger?.error({ job, function: 'onWarning', stack: stackOf(thrown) }, 'onWarning of the host threw'),
    );
  };
}

/** Warnings that mean possible loss of work. */
const LOUD: ReadonlySet<StoredJobsWarning['type']> = new Set(['store', 'lease-lost', 'unsaved']);

const WORDS: Readonly<Record<StoredJobsWarning['type'], string>> = {
  store: 'the store does not work: a crash from now on loses what is not stored',
  'store-moved':
    'the store was removed or replaced while jobs run; they are stored in the file that is there now',
  'end-unsaved': 'a job has ended, and the store does not hold how',
  'lease-lost': 'another process drives this job now; this one has stopped',
  unsaved: 'the state of a job could not be stored',
  'lease-doubted': 'the process that drives a job may be gone: its heartbeat is watched',
  'clock-set': 'the wall clock was set: waits still end when their time has passed',
};
