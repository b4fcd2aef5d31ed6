import type { Failure } from '../../services/failure.js';
import type { Workflow } from '../../services/wire/wire-types.js';
import type { PendingUpload, UploadOutcome } from '../job-actors.js';
import type { JobContext } from '../job-context.js';
import { jobSetup } from '../job-setup.js';
import type { FileFacts } from '../ports.js';
import type { Reply } from '../reply.js';
import { type Validation, validateJob } from '../validate-job.js';
import { doubtBranches } from './doubted-create.js';
import { crashBranches, crashWithoutJob, noteDetach, noteFailure, refusedWithoutJob } from './letting-go.js';
import { failuresWithoutJob, waitBranches } from './waits.js';

type With<Value> = { readonly context: JobContext; readonly event: { readonly output: Reply<Value> } };

const noteFiles = {
  type: 'note' as const,
  params: ({ event }: With<readonly FileFacts[]>): Partial<JobContext> =>
    event.output.ok ? { files: event.output.value, uploads: event.output.value.map(() => null) } : {},
};

function validation({ context, event }: With<readonly Workflow[]>): Validation | undefined {
  if (!event.output.ok || context.input.jobSpecId !== undefined) return undefined;
  return validateJob(context.input, event.output.value, context.files);
}

const isFound = (verdict: Validation['verdict']) => (news: With<readonly Workflow[]>) =>
  validation(news)?.verdict === verdict;

const noteWorkflow = {
  type: 'note' as const,
  params: (news: With<readonly Workflow[]>): Partial<JobContext> => {
    const found = validation(news);
    return found?.verdict === 'ok' ? { workflow: found.workflow } : {};
  },
};

const noteInvalid = {
  type: 'noteFailure' as const,
  params: (news: With<readonly Workflow[]>): Failure => {
    const found = validation(news);
    if (found !== undefined && found.verdict !== 'ok') return found.failure;
    return {
      kind: 'internal',
      message: 'valid input was refused',
      advice: 'Report this.',
      delivery: 'not-sent',
    };
  },
};

const stillToUpload = (context: JobContext): PendingUpload[] =>
  context.files.flatMap((file, index) => (context.uploads[index] ? [] : [{ index, file }]));

const noteUploads = {
  type: 'note' as const,
  params: ({ context, event }: With<readonly UploadOutcome[]>): Partial<JobContext> => {
    const { output } = event;
    const arrived = (output.ok ? output.value : output.partial) ?? [];
    const uploads = context.uploads.map((upload, index) => {
      const outcome = arrived.find((candidate) => candidate.index === index);
      return outcome === undefined ? upload : { fileId: outcome.fileId, uploadedAt: output.at };
    });
    return { uploads };
  },
};

/** Steps 1 and 2: nothing is uploaded before everything that can be checked has been. */
export const uploadingStates = {
  inspecting: jobSetup.createStateConfig({
    description: 'The local files are looked at: do they exist, how large are they?',
    invoke: {
      src: 'inspectFiles',
      input: ({ context }) => ({ handles: context.input.files ?? [] }),
      onDone: [refusedWithoutJob, { target: 'validating', actions: [noteFiles] }],
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
          guard: isFound('ok'),
          target: 'queued',
          actions: [noteWorkflow, { type: 'forgetSetback', params: 'validating' }],
        },
        {
          guard: isFound('input-needed'),
          target: '#goalJob.detached',
          actions: [noteInvalid, noteDetach('input-needed')],
        },
        { guard: isFound('invalid'), target: '#goalJob.failed', actions: [noteInvalid] },
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
      // A lane whose creations of the day are spent says until when: that wait is seen like any other limit's.
      onDone: [
        {
          guard: ({ event }) => event.output.ok,
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
          type: 'announce',
          params: ({ event }) => ({ type: 'uploadProgress', progress: event.progress }),
        },
      },
    },
    invoke: {
      src: 'uploadFiles',
      input: ({ context }) => ({ files: stillToUpload(context) }),
      onDone: [
        {
          guard: ({ event }) => event.output.ok,
          target: 'arming',
          actions: [noteUploads, { type: 'forgetSetback', params: 'uploading' }],
        },
        ...[
          ...waitBranches('uploading'),
          ...doubtBranches,
          { target: '#goalJob.failed', actions: [noteFailure] } as const,
        ].map((branch) => ({
          ...branch,
          actions: [noteUploads, ...branch.actions],
        })),
      ],
      onError: crashBranches,
    },
  }),
};
