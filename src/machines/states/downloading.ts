import { replyOf } from '../branch-params.js';
import { jobSetup } from '../job-setup.js';
import { crashBranch } from './letting-go.js';
import { announceRetry, failureBranches, noteSetback, waitStates } from './waits.js';

const keepUrl = { type: 'keepUrl', params: replyOf } as const;

/** "Step 8: Download Results": the server reports `completed`; the result is located and downloaded before the job completes here. */
export const downloading = jobSetup.createStateConfig({
  description: 'Ours: the server has completed the job; its result is fetched through a pre-signed URL.',
  initial: 'locating',
  on: {
    REFRESH_DOWNLOAD: { target: '.locating', actions: 'forgetUrl' },
  },
  states: {
    locating: jobSetup.createStateConfig({
      description: 'A pre-signed URL is asked for; it is good for an hour.',
      tags: ['in-flight'],
      invoke: {
        src: 'getDownload',
        input: ({ context }) => ({ jobSpecId: context.jobSpecId ?? '' }),
        onDone: [
          {
            guard: { type: 'resultIsToBeSaved', params: replyOf },
            target: 'saving',
            actions: [keepUrl, { type: 'forgetSetback', params: 'locating' }],
          },
          {
            guard: { type: 'resultIsToBeLinked', params: replyOf },
            target: '#goalJob.completed',
            actions: [keepUrl],
          },
          ...failureBranches('locating'),
        ],
        onError: crashBranch,
      },
    }),
    saving: jobSetup.createStateConfig({
      description: 'The result is fetched and put where the host wants it.',
      tags: ['in-flight'],
      on: {
        DOWNLOAD_PROGRESS: {
          actions: {
            type: 'announceDownloadProgress',
            params: ({ event }) => ({ progress: event.progress }),
          },
        },
      },
      invoke: {
        src: 'saveResult',
        input: ({ context }) => ({
          jobSpecId: context.jobSpecId ?? '',
          download: context.download ?? { url: '' },
        }),
        onDone: [
          {
            guard: { type: 'hasSucceeded', params: replyOf },
            target: '#goalJob.completed',
            actions: [{ type: 'keepSaved', params: replyOf }],
          },
          {
            guard: { type: 'urlWasRefused', params: replyOf },
            target: 'backingOff',
            actions: [noteSetback('saving'), announceRetry('saving'), 'forgetUrl', 'askForUrlNext'],
          },
          ...failureBranches('saving'),
        ],
        onError: crashBranch,
      },
    }),
    ...waitStates(['locating', 'saving']),
  },
});
