import type { JobEmitted } from '../../src/machines/job-events.js';

type Told = JobEmitted['type'];

/** Which events the machine's actions emit. An action that announces and is not named here stops the page from being written. */
const TELLS: Readonly<Record<string, readonly Told[]>> = {
  announceUploadProgress: ['uploadProgress'],
  announceDownloadProgress: ['downloadProgress'],
  announceCreated: ['created'],
  announceOutcomeUnknown: ['outcomeUnknown'],
  announceReading: ['progress', 'checkpoint'],
  askForInput: ['inputNeeded'],
  askForConfirm: ['confirmNeeded'],
  announceRateLimit: ['rateLimited'],
  announceRetry: ['retrying'],
  announceConflictResolved: ['conflictResolved'],
  announceCompleted: ['completed'],
  announceFailed: ['failed'],
  announceDetached: ['detached'],
  // No event: the next step of the job.
  askForUrlNext: [],
};

/** The events that these actions of the machine emit, in order. */
export const toldBy = (actions: readonly string[]): readonly string[] =>
  actions.flatMap((action) => {
    const told = TELLS[action];
    if (told === undefined && /^(announce|askFor)/.test(action))
      throw new Error(`${action} announces something: name it in scripts/reference/state-tells.ts`);
    return told ?? [];
  });
