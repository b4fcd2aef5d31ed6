import { assign, emit, enqueueActions, setup } from 'xstate';
import { announcements } from './actions/announcements.js';
import { callActions } from './actions/call-actions.js';
import { endingActions } from './actions/ending-actions.js';
import { createActions, fileActions } from './actions/preparing-actions.js';
import { confirmActions, questionActions } from './actions/question-actions.js';
import { readingActions, type SourcedRead } from './actions/reading-actions.js';
import { resultActions } from './actions/result-actions.js';
import { jobActors } from './job-actors.js';
import type { JobContext } from './job-context.js';
import type { JobEmitted, JobEvent } from './job-events.js';
import { jobGuards } from './job-guards.js';
import type { JobInput } from './job-input.js';
import type { JobOutput } from './job-output.js';

/** What a host can ask with `hasTag`. */
export type JobTag = 'user-input' | 'rate-limited' | 'backing-off' | 'resolving-conflict' | 'in-flight';

/**
 * Types, actors, guards and actions of the chart; the states are in `states/`. Each guard and action has its own name, because
 * chart viewers see only names. The event comes in through `params`, where its type is known.
 */
export const jobSetup = setup({
  // XState takes types as values, which are never read.
  types: {
    context: {} as JobContext,
    events: {} as JobEvent,
    emitted: {} as JobEmitted,
    input: {} as JobInput,
    output: {} as JobOutput,
    tags: {} as JobTag,
  },
  actors: jobActors,
  guards: jobGuards,
  actions: {
    noteSetback: assign(callActions.noteSetback),
    forgetSetback: assign(callActions.forgetSetback),
    forgetInterruption: assign(callActions.forgetInterruption),

    keepFiles: assign(fileActions.keepFiles),
    keepWorkflow: assign(fileActions.keepWorkflow),
    noteInvalidInput: assign(fileActions.noteInvalidInput),
    keepUploads: assign(fileActions.keepUploads),
    forgetUploads: assign(fileActions.forgetUploads),

    keepTicket: assign(createActions.keepTicket),
    noteCreateInFlight: assign(createActions.noteCreateInFlight),
    learnCreated: assign(createActions.learnCreated),
    noteOutcomeUnknown: assign(createActions.noteOutcomeUnknown),
    noteIfOutcomeUnknown: assign(createActions.noteIfOutcomeUnknown),
    noteMayExist: assign(createActions.noteMayExist),
    noteStillUnknown: assign(createActions.noteStillUnknown),
    noteCreateFault: assign(createActions.noteCreateFault),
    adoptJob: assign(createActions.adoptJob),
    disownAdopted: assign(createActions.disownAdopted),

    learnReading: assign(readingActions.learnReading),
    watchAsConfirmed: assign(readingActions.watchAsConfirmed),
    noteServerLags: assign(readingActions.noteServerLags),
    pauseBeforeRepeat: assign(readingActions.pauseBeforeRepeat),
    pauseBeforeReRead: assign(readingActions.pauseBeforeReRead),

    noteInputNeeded: assign(questionActions.noteInputNeeded),
    takeAnswers: assign(questionActions.takeAnswers),
    noteSentVersion: assign(questionActions.noteSentVersion),
    learnFilled: assign(questionActions.learnFilled),
    noteRefusedSlots: assign(questionActions.noteRefusedSlots),
    pauseInContest: assign(questionActions.pauseInContest),
    allowStart: assign(confirmActions.allowStart),
    learnConfirmed: assign(confirmActions.learnConfirmed),
    learnConfirmedBefore: assign(confirmActions.learnConfirmedBefore),
    noteIfPerhapsConfirmed: assign(confirmActions.noteIfPerhapsConfirmed),

    keepUrl: assign(resultActions.keepUrl),
    forgetUrl: assign(resultActions.forgetUrl),
    askForUrlNext: assign(resultActions.askForUrlNext),
    keepSaved: assign(resultActions.keepSaved),

    noteFailure: assign(endingActions.noteFailure),
    letGo: assign(endingActions.letGo),
    noteHostFault: assign(endingActions.noteHostFault),
    noteLocalRefusal: assign(endingActions.noteLocalRefusal),
    noteLocalDetach: assign(endingActions.noteLocalDetach),
    noteDetach: assign(endingActions.noteDetach),
    noteOutcome: assign(endingActions.noteOutcome),

    announceUploadProgress: emit(announcements.uploadProgress),
    announceDownloadProgress: emit(announcements.downloadProgress),
    announceCreated: emit(announcements.created),
    announceOutcomeUnknown: emit(announcements.outcomeUnknown),
    announceReading: enqueueActions(({ context, enqueue }, read: SourcedRead) => {
      for (const event of announcements.reading({ context }, read)) enqueue.emit(event);
    }),
    askForInput: emit(announcements.inputNeeded),
    askForConfirm: emit(announcements.confirmNeeded),
    announceRateLimit: emit(announcements.rateLimit),
    announceRetry: emit(announcements.retry),
    announceConflictResolved: emit(announcements.conflictResolved),
    announceCompleted: emit(announcements.completed),
    announceFailed: emit(announcements.failed),
    announceDetached: emit(announcements.detached),
  },
});

// Not yet in XState 5.20: it gives back what it gets, and is there for its types.
jobSetup.createStateConfig ??= (config) => config;
