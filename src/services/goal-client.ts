import type { OpenFile, UploadableFile } from './bytes/upload-body.js';
import type { Download, Job, JobEcho, SlotAnswer, StatusReading, Workflow } from './wire/wire-types.js';

/** Options of every call. */
export interface CallOptions {
  /** Aborts the call and closes its connection; the call rejects with kind `aborted`. */
  readonly signal?: AbortSignal | undefined;
  /** The host's name for the calling job, for the log. */
  readonly jobId?: string | undefined;
  /** More about the job for the log: state, item version, attempt. Called when a line is written. */
  readonly jobFields?: (() => object) | undefined;
}

export interface UploadCallOptions extends CallOptions {
  /** Called at most ten times a second, and once at the end. */
  readonly onProgress?:
    | ((progress: {
        readonly handle: string;
        readonly sentBytes: number;
        readonly totalBytes: number;
      }) => void)
    | undefined;
}

/** Which part of a result to fetch. */
export interface ResultRequest {
  /** The pre-signed URL ("Step 8: Download Results"). It is requested without an Authorization header. */
  readonly url: string;
  /** First byte to fetch, if the bytes before are known. Default 0. */
  readonly from?: number | undefined;
  /** The strong ETag of the bytes already received: if the result has changed, it is sent from the start. */
  readonly ifRange?: string | undefined;
}

/** Decodes one content coding. Rejects if the bytes are invalid or truncated; passes on errors of its source. */
export type ByteDecoder = (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/** The decoded bytes of a result. */
export interface ResultStream {
  /**
   * `whole`: from byte 0, whatever was requested. `rest`: from the requested byte. `end`: no such byte exists, all of it was
   * received before.
   */
  readonly part: 'whole' | 'rest' | 'end';
  /** Size of the whole result, if the server states it. */
  readonly totalBytes?: number;
  /** Strong ETag, if the server sends one that identifies these bytes. */
  readonly etag?: string;
  /** True if the transport proves that the last byte arrived: by a matching length or a terminating chunk. Absent: unknown. */
  readonly isDelimited?: boolean;
  /** Media type, lower case, without parameters. */
  readonly contentType?: string;
  /** File name of the Content-Disposition, as sent: not safe as a path. */
  readonly suggestedName?: string;
  /**
   * Rejects with kind `network` if interrupted or stalled: the bytes received so far are valid. Rejects with `bad-response` if
   * the body contradicts its headers: the bytes are invalid.
   */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Closes the connection. Reading to the end closes it too. */
  close(): void;
}

/**
 * The API of one key: one function per call of the reference. Each rejects with a typed error whose `toJSON()` is a `Failure`.
 * The first eight match the ports of `JobPorts`.
 */
export interface GoalClient {
  /** Identifies base URL and key without revealing them: records of another account are not ours. Absent: unknown. */
  readonly account?: string;
  /** Removes the key from a text for people, in every spelling. Call it before cutting the text. */
  readonly redact?: (text: string) => string;
  /** `GET /workflows/catalog` ("Step 1: Workflow Catalog"). */
  loadCatalog(input?: Record<never, never>, options?: CallOptions): Promise<readonly Workflow[]>;
  /**
   * `POST /upload` ("Step 2: Upload a File"): streams one file as multipart/form-data, field `file`. `open` overrides the
   * client's own `openFile`.
   */
  uploadFile(
    input: { readonly file: UploadableFile; readonly open?: OpenFile | undefined },
    options?: UploadCallOptions,
  ): Promise<{ readonly fileId: string }>;
  /** `POST /jobs/goal` ("Step 3: Create a Job"). Not idempotent: a failure with delivery `unknown` may have created a job. */
  createJob(
    input: { readonly workflowId: string; readonly fileIds: readonly string[] },
    options?: CallOptions,
  ): Promise<Job>;
  /** `GET /jobs/goal/{jobSpecId}` ("Error Handling"). */
  getJob(input: { readonly jobSpecId: string }, options?: CallOptions): Promise<Job>;
  /** `PATCH /jobs/goal/{jobSpecId}/slots` ("Step 4: Fill Required Slots"). */
  fillSlots(
    input: {
      readonly jobSpecId: string;
      readonly itemVersion: number;
      readonly slots: readonly SlotAnswer[];
    },
    options?: CallOptions,
  ): Promise<JobEcho>;
  /** `POST /jobs/goal/{jobSpecId}/confirm` ("Step 5: Confirm & Start Execution"). */
  confirmJob(
    input: { readonly jobSpecId: string; readonly itemVersion: number },
    options?: CallOptions,
  ): Promise<JobEcho>;
  /** `GET /jobs/goal/{jobSpecId}/status` ("Step 6: Poll for Status"). The caller must keep the pace: at most once per 2 s. */
  getStatus(input: { readonly jobSpecId: string }, options?: CallOptions): Promise<StatusReading>;
  /** `GET /jobs/goal/{jobSpecId}/download` ("Step 8: Download Results"). */
  getDownload(input: { readonly jobSpecId: string }, options?: CallOptions): Promise<Download>;
  /** GET of a pre-signed URL, without the key. If storage refuses the URL (400, 401, 403, 404, 410), rejects with kind `gone`. */
  fetchResult(input: ResultRequest, options?: CallOptions): Promise<ResultStream>;
  /** Closes the kept-alive connections. */
  close(): void;
}
