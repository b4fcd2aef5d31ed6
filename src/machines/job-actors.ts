import { fromPromise } from 'xstate';
import type {
  Download,
  Job,
  JobEcho,
  SlotAnswer,
  StatusReading,
  Workflow,
} from '../services/wire/wire-types.js';
import type { FileFacts, SavedResult, UploadedFile } from './ports.js';
import type { KnownReading } from './reading/known-reading.js';
import type { Reply } from './reply.js';

/** The result of one file when several are uploaded in parallel. */
export interface UploadOutcome extends UploadedFile {
  /** Position in the job's list of files. */
  readonly index: number;
}

/** Until the host provides it, an actor fails loudly instead of hanging. */
const notProvided = <Output, Input>(name: string) =>
  fromPromise<Reply<Output>, Input>(() =>
    Promise.reject(new Error(`goalJobMachine: the actor "${name}" is not provided`)),
  );

/** Input of `pollTurn`: the next read of the status. */
export interface PollTurn {
  readonly jobSpecId: string;
  /** Epoch ms. */
  readonly notBefore: number;
  /** Undefined if every reading matters. */
  readonly known: KnownReading | undefined;
}

/** A file that still has to be uploaded. */
export interface PendingUpload {
  readonly index: number;
  readonly file: FileFacts;
}

/** The named promise actors of the machine: one per API call, then files, tickets and time. All resolve with a {@link Reply}. */
export const jobActors = {
  inspectFiles: notProvided<readonly FileFacts[], { readonly handles: readonly string[] }>('inspectFiles'),
  loadCatalog: notProvided<readonly Workflow[], Record<never, never>>('loadCatalog'),
  /** Resolves when the job may start: a key allows only so many jobs at once. */
  startTurn: notProvided<void, Record<never, never>>('startTurn'),
  /** Uploads several files in parallel. If it fails, `partial` lists the files that were uploaded. */
  uploadFiles: notProvided<readonly UploadOutcome[], { readonly files: readonly PendingUpload[] }>(
    'uploadFiles',
  ),
  /** Issues the one-use ticket that `createJob` requires (law 1, never twice). */
  issueTicket: notProvided<string, Record<never, never>>('issueTicket'),
  createJob: notProvided<
    Job,
    { readonly ticket: string; readonly workflowId: string; readonly fileIds: readonly string[] }
  >('createJob'),
  getJob: notProvided<Job, { readonly jobSpecId: string }>('getJob'),
  fillSlots: notProvided<
    JobEcho,
    { readonly jobSpecId: string; readonly itemVersion: number; readonly slots: readonly SlotAnswer[] }
  >('fillSlots'),
  confirmJob: notProvided<JobEcho, { readonly jobSpecId: string; readonly itemVersion: number }>(
    'confirmJob',
  ),
  getStatus: notProvided<StatusReading, { readonly jobSpecId: string }>('getStatus'),
  getDownload: notProvided<Download, { readonly jobSpecId: string }>('getDownload'),
  saveResult: notProvided<SavedResult, { readonly jobSpecId: string; readonly download: Download }>(
    'saveResult',
  ),
  /** Resolves at or after `at` (epoch ms). */
  waitUntil: notProvided<void, { readonly at: number }>('waitUntil'),
  /**
   * Resolves when the status of this job may be read, never before `notBefore` (epoch ms). A host may look ahead: read the status
   * itself at the same pace for as long as the answer equals `known`, and resolve with the first one that differs.
   */
  pollTurn: notProvided<void, PollTurn>('pollTurn'),
};
