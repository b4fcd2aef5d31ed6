import type { Download } from '../../services/wire-types.js';
import type { JobContext } from '../job-context.js';
import { jobSetup } from '../job-setup.js';
import type { SavedResult } from '../ports.js';
import type { Reply } from '../reply.js';
import { crashBranch, failureBranches, noteFailure, waitStates } from './waits.js';

/** A URL that storage refuses is thrown away for a fresh one, so often in a row. */
const MAX_REFUSED_DOWNLOADS = 3;

type With<Value> = { readonly context: JobContext; readonly event: { readonly output: Reply<Value> } };

const located =
  (delivery: 'save' | 'link') =>
  ({ context, event }: With<Download>): boolean =>
    event.output.ok && (context.input.delivery ?? 'save') === delivery;

const noteDownload = {
  type: 'note' as const,
  params: ({ event }: With<Download>): Partial<JobContext> =>
    event.output.ok ? { download: event.output.value } : {},
};

const noteSaved = {
  type: 'note' as const,
  params: ({ event }: With<SavedResult>): Partial<JobContext> =>
    event.output.ok ? { saved: event.output.value } : {},
};

const isRefusedUrl = ({ context, event }: With<SavedResult>): boolean =>
  !event.output.ok &&
  event.output.failure.kind === 'gone' &&
  context.refusedDownloads < MAX_REFUSED_DOWNLOADS;

const countRefusedUrl = {
  type: 'note' as const,
  params: ({ context }: { context: JobContext }): Partial<JobContext> => ({
    download: undefined,
    refusedDownloads: context.refusedDownloads + 1,
  }),
};

/** Step 8: the server says `completed`; the result is located and fetched before we say so. */
export const downloading = jobSetup.createStateConfig({
  description: 'Ours: the server has completed the job; its result is fetched through a pre-signed URL.',
  initial: 'locating',
  on: {
    REFRESH_DOWNLOAD: { target: '.locating', actions: { type: 'note', params: { download: undefined } } },
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
            guard: located('save'),
            target: 'saving',
            actions: [noteDownload, { type: 'forgetSetback', params: 'locating' }],
          },
          { guard: located('link'), target: '#goalJob.completed', actions: [noteDownload] },
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
            type: 'announce',
            params: ({ event }) => ({ type: 'downloadProgress', progress: event.progress }),
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
          { guard: ({ event }) => event.output.ok, target: '#goalJob.completed', actions: [noteSaved] },
          { guard: isRefusedUrl, target: 'locating', actions: [noteFailure, countRefusedUrl] },
          ...failureBranches('saving'),
        ],
        onError: crashBranch,
      },
    }),
    ...waitStates(['locating', 'saving']),
  },
});
