import type { Download } from '../../services/wire/wire-types.js';
import type { JobContext } from '../job-context.js';
import { jobSetup } from '../job-setup.js';
import type { SavedResult } from '../ports.js';
import type { Reply } from '../reply.js';
import { crashBranch } from './letting-go.js';
import { announceWait, failureBranches, has, noteSetback, waitStates } from './waits.js';

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

/** A URL that storage refuses is thrown away. Storage may not know a fresh one yet: the pauses before the next grow, as after any setback. */
const isRefusedUrl = (news: With<SavedResult>): boolean =>
  !news.event.output.ok && news.event.output.failure.kind === 'gone' && has('saving', 'backOff')(news);

const forgetUrl = {
  type: 'note' as const,
  params: { download: undefined, interrupted: 'locating' } satisfies Partial<JobContext>,
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
          {
            guard: isRefusedUrl,
            target: 'backingOff',
            actions: [noteSetback('saving'), announceWait('saving', 'retrying'), forgetUrl],
          },
          ...failureBranches('saving'),
        ],
        onError: crashBranch,
      },
    }),
    ...waitStates(['locating', 'saving']),
  },
});
