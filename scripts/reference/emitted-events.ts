import type { JobEmitted } from '../../src/machines/job-events.js';

type EventType = JobEmitted['type'];

/** Which events the machine's actions emit. An action that announces and is not named here stops the page from being written. */
const EMITTED: Readonly<Record<string, readonly EventType[]>> = {
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
export const emittedBy = (actions: readonly string[]): readonly string[] =>
  actions.flatMap((action) => {
    const emitted = EMITTED[action];
    if (emitted === undefined && /^(announce|askFor)/.test(action))
      throw new Error(`${action} announces something: name it in scripts/reference/emitted-events.ts`);
    return emitted ?? [];
  });
