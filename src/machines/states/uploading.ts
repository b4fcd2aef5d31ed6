import { replyOf } from '../branch-params.js';
import type { PendingUpload } from '../job-actors.js';
import type { JobContext } from '../job-context.js';
import { jobSetup } from '../job-setup.js';
import { doubtBranches } from './doubted-create.js';
import { crashBranches, crashWithoutJob, noteDetach, noteFailure, refusedWithoutJob } from './letting-go.js';
import { failuresWithoutJob, waitBranches } from './waits.js';

const stillToUpload = (context: JobContext): PendingUpload[] =>
  context.files.flatMap((file, index) => (context.uploads[index] ? [] : [{ index, file }]));

const keepUploads = { type: 'keepUploads', params: replyOf } as const;
const noteInvalidInput = { type: 'noteInvalidInput', params: replyOf } as const;

/** "Step 1: Workflow Catalog" and "Step 2: Upload a File": everything that can be checked is checked before anything is uploaded. */
export const uploadingStates = {
  inspecting: jobSetup.createStateConfig({
    description: 'The local files are looked at: do they exist, how large are they?',
    invoke: {
      src: 'inspectFiles',
      input: ({ context }) => ({ handles: context.input.files ?? [] }),
      onDone: [
        refusedWithoutJob,
        { target: 'validating', actions: [{ type: 'keepFiles', params: replyOf }] },
      ],
      onError: crashWithoutJob,
    },
  }),
  validating: jobSetup.createStateConfig({
    description: 'Files and slots are checked against the catalog, before anything is uploaded.',
    tags: ['in-flight'],
    invoke: {
      src: 'loadCatalog',
      input: {},
      onDone: [
        {
          guard: { type: 'inputIsValid', params: replyOf },
          target: 'queued',
          actions: [
            { type: 'keepWorkflow', params: replyOf },
            { type: 'forgetSetback', params: 'validating' },
          ],
        },
        {
          guard: { type: 'inputIsMissing', params: replyOf },
          target: '#goalJob.detached',
          actions: [noteInvalidInput, noteDetach('input-needed')],
        },
        {
          guard: { type: 'inputIsInvalid', params: replyOf },
          target: '#goalJob.failed',
          actions: [noteInvalidInput],
        },
        ...failuresWithoutJob('validating'),
      ],
      onError: crashWithoutJob,
    },
  }),
  queued: jobSetup.createStateConfig({
    description:
      'Waits in order for one of the places that the key has for jobs at once; nothing was uploaded yet.',
    invoke: {
      src: 'startTurn',
      input: {},
      // If the daily creations of the key are used up, the lane reports until when: that wait is shown like any other rate limit.
      onDone: [
        {
          guard: { type: 'hasSucceeded', params: replyOf },
          target: 'uploading',
          actions: [{ type: 'forgetSetback', params: 'queued' }],
        },
        ...failuresWithoutJob('queued'),
      ],
      onError: crashWithoutJob,
    },
  }),
  uploading: jobSetup.createStateConfig({
    description: 'The files go up, several at once; those that have arrived are not sent again.',
    tags: ['in-flight'],
    on: {
      UPLOAD_PROGRESS: {
        actions: {
          type: 'announceUploadProgress',
          params: ({ event }) => ({ progress: event.progress }),
        },
      },
    },
    invoke: {
      src: 'uploadFiles',
      input: ({ context }) => ({ files: stillToUpload(context) }),
      onDone: [
        {
          guard: { type: 'hasSucceeded', params: replyOf },
          target: 'takingTicket',
          actions: [keepUploads, { type: 'forgetSetback', params: 'uploading' }],
        },
        ...[
          ...waitBranches('uploading'),
          ...doubtBranches,
          { target: '#goalJob.failed', actions: [noteFailure] } as const,
        ].map((branch) => ({
          ...branch,
          actions: [keepUploads, ...branch.actions] as const,
        })),
      ],
      onError: crashBranches,
    },
  }),
};
