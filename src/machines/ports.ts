import type { UploadableFile } from '../services/bytes/upload-body.js';
import type { Failure } from '../services/failure.js';
import type { CallOptions } from '../services/goal-client.js';
import type {
  Download,
  Job,
  JobEcho,
  SlotAnswer,
  StatusReading,
  Workflow,
} from '../services/wire/wire-types.js';

/** What a port is told besides its input. */
export interface PortOptions extends CallOptions {
  /** Aborted when the state that called is left, or the host lets go. */
  readonly signal: AbortSignal;
  /** The host's own name for the job that calls (the id of its actor): tells jobs apart that share their ports. */
  readonly jobId: string;
}

/** A plain async function. It rejects with an error whose `toJSON()` is a {@link Failure}, or with a Failure itself. */
export type Port<Input, Output, Options extends PortOptions = PortOptions> = (
  input: Input,
  options: Options,
) => Promise<Output>;

/** What is known of a local file: enough to check it against the catalog and to know it again. */
export type FileFacts = UploadableFile;

export interface UploadProgress {
  readonly handle: string;
  readonly sentBytes: number;
  readonly totalBytes: number;
}

export interface UploadOptions extends PortOptions {
  readonly onProgress?: (progress: UploadProgress) => void;
}

export interface UploadedFile {
  readonly fileId: string;
}

export interface DownloadProgress {
  readonly receivedBytes: number;
  readonly totalBytes?: number;
}

export interface SaveOptions extends PortOptions {
  readonly onProgress?: (progress: DownloadProgress) => void;
}

/** A result that is on disk (or wherever the host put it). */
export interface SavedResult {
  /** Path, or the host's name for it. */
  readonly file: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /** True where the bytes are known to be whole and to be what was promised (law 8); absent where the host does not say. */
  readonly verified?: boolean;
  /** For people: why it is not verified. */
  readonly warning?: string;
}

/** A time that no clock reaches (epoch ms): no deadline. Such a wait ends only with its signal, and holds no timer. */
export const NEVER = Number.MAX_SAFE_INTEGER;

/** What the goal-job machine needs from its host, as plain async functions: one per API call, then files and time. */
export interface JobPorts {
  readonly loadCatalog: Port<Record<never, never>, readonly Workflow[]>;
  /** Looks at the files without reading them; a missing or unreadable one rejects with kind `file`, naming each. */
  readonly inspectFiles: Port<{ readonly handles: readonly string[] }, readonly FileFacts[]>;
  readonly uploadFile: Port<{ readonly file: FileFacts }, UploadedFile, UploadOptions>;
  readonly createJob: Port<{ readonly workflowId: string; readonly fileIds: readonly string[] }, Job>;
  readonly getJob: Port<{ readonly jobSpecId: string }, Job>;
  readonly fillSlots: Port<
    { readonly jobSpecId: string; readonly itemVersion: number; readonly slots: readonly SlotAnswer[] },
    JobEcho
  >;
  readonly confirmJob: Port<{ readonly jobSpecId: string; readonly itemVersion: number }, JobEcho>;
  readonly getStatus: Port<{ readonly jobSpecId: string }, StatusReading>;
  readonly getDownload: Port<{ readonly jobSpecId: string }, Download>;
  /** Fetches the pre-signed URL and puts the bytes where the host wants them. */
  readonly saveResult: Port<
    { readonly jobSpecId: string; readonly download: Download },
    SavedResult,
    SaveOptions
  >;
  /** Resolves when this job may take one of the places that the key has for jobs that run at once (Rate Limits); a lane queues here. */
  readonly startTurn: Port<Record<never, never>, void>;
  /** Resolves at or after an absolute time (epoch ms). */
  readonly waitUntil: Port<{ readonly at: number }, void>;
  /** Resolves when this job's status may be read: never before `notBefore` (epoch ms); a lane may make it later. */
  readonly pollTurn: Port<{ readonly jobSpecId: string; readonly notBefore: number }, void>;
}
