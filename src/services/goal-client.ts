import type { OpenFile, UploadableFile } from './bytes/upload-body.js';
import type { Download, Job, JobEcho, SlotAnswer, StatusReading, Workflow } from './wire/wire-types.js';

/** What every call may be told besides its input. */
export interface CallOptions {
  /** Ends the call and closes its connection; the call rejects with kind `aborted`. */
  readonly signal?: AbortSignal;
  /** The host's name for the job that calls; it goes into the log. */
  readonly jobId?: string;
  /** What the log says of the job besides: its state, item version, attempt. Called when a line is written. */
  readonly jobFields?: () => object;
}

export interface UploadCallOptions extends CallOptions {
  /** Told at most ten times a second, and once at the end. */
  readonly onProgress?: (progress: {
    readonly handle: string;
    readonly sentBytes: number;
    readonly totalBytes: number;
  }) => void;
}

/** Which part of a result is wanted. */
export interface ResultRequest {
  /** The pre-signed URL (Step 8). It gets no Authorization header. */
  readonly url: string;
  /** First byte that is wanted; the others are held already. Default 0. */
  readonly from?: number;
  /** The validator (strong ETag) that came with the bytes already held: a changed result comes whole. */
  readonly ifRange?: string;
}

/** Undoes one content coding. Rejects where the bytes are not of it or break off; what its source rejects with it passes on. */
export type ByteDecoder = (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/** The bytes of a result, as they come, with their content codings undone. */
export interface ResultStream {
  /** `whole`: from byte 0, whatever was asked for. `rest`: from the byte asked for. `end`: there is no such byte, so all of it is held. */
  readonly part: 'whole' | 'rest' | 'end';
  /** Bytes of the whole result, where the server tells. */
  readonly totalBytes?: number;
  /** Strong ETag, where the server gives one and the bytes are those that it is about. */
  readonly etag?: string;
  /** True where the transport proves that the last byte came: a length that is met, or chunks that are terminated. Absent: unknown. */
  readonly isDelimited?: boolean;
  /** Media type, lower case, without parameters. */
  readonly contentType?: string;
  /** File name of the Content-Disposition, as sent: not safe as a path. */
  readonly suggestedName?: string;
  /** Rejects with kind `network` when it breaks off or stalls: what came until then is good. With `bad-response` where the body contradicts its headers: what came is of no use. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Closes the connection. Reading to the end does so too. */
  close(): void;
}

/**
 * The API of one key: one function per call of the reference. Each rejects with a typed error whose `toJSON()` is a `Failure`.
 * The first eight are what the ports of `JobPorts` ask for.
 */
export interface GoalClient {
  /** Stands for base URL and key, of which nothing can be read from it: what belongs to another one is not ours. Absent: unknown. */
  readonly account?: string;
  /** Takes the key out of a text for people, in every spelling; before anything is cut off that text. */
  readonly redact?: (text: string) => string;
  /** `GET /workflows/catalog` (Step 1). */
  loadCatalog(input?: Record<never, never>, options?: CallOptions): Promise<readonly Workflow[]>;
  /** `POST /upload` (Step 2): streams one file as multipart/form-data, field `file`. `open` overrides the client's own `openFile`. */
  uploadFile(
    input: { readonly file: UploadableFile; readonly open?: OpenFile },
    options?: UploadCallOptions,
  ): Promise<{ readonly fileId: string }>;
  /** `POST /jobs/goal` (Step 3). Not idempotent: a failure with delivery `unknown` may have created a job. */
  createJob(
    input: { readonly workflowId: string; readonly fileIds: readonly string[] },
    options?: CallOptions,
  ): Promise<Job>;
  /** `GET /jobs/goal/{jobSpecId}` (Error Handling). */
  getJob(input: { readonly jobSpecId: string }, options?: CallOptions): Promise<Job>;
  /** `PATCH /jobs/goal/{jobSpecId}/slots` (Step 4). */
  fillSlots(
    input: {
      readonly jobSpecId: string;
      readonly itemVersion: number;
      readonly slots: readonly SlotAnswer[];
    },
    options?: CallOptions,
  ): Promise<JobEcho>;
  /** `POST /jobs/goal/{jobSpecId}/confirm` (Step 5). */
  confirmJob(
    input: { readonly jobSpecId: string; readonly itemVersion: number },
    options?: CallOptions,
  ): Promise<JobEcho>;
  /** `GET /jobs/goal/{jobSpecId}/status` (Step 6). The pace is the caller's: not more than once per 2 s. */
  getStatus(input: { readonly jobSpecId: string }, options?: CallOptions): Promise<StatusReading>;
  /** `GET /jobs/goal/{jobSpecId}/download` (Step 8). */
  getDownload(input: { readonly jobSpecId: string }, options?: CallOptions): Promise<Download>;
  /** GET of a pre-signed URL, without the key. A URL that storage refuses (400, 401, 403, 404, 410) rejects with kind `gone`. */
  fetchResult(input: ResultRequest, options?: CallOptions): Promise<ResultStream>;
  /** Closes the connections that were kept for the next call. */
  close(): void;
}
