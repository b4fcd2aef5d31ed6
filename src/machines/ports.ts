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

/** What a port receives besides its input. */
export interface PortOptions extends CallOptions {
  /** Aborted when the machine leaves the calling state, or the host detaches. */
  readonly signal: AbortSignal;
  /** The host's name for the calling job (its actor id); distinguishes jobs that share ports. */
  readonly jobId: string;
}

/** A plain async function. It rejects with an error whose `toJSON()` is a {@link Failure}, or with a Failure itself. */
export type Port<Input, Output, Options extends PortOptions = PortOptions> = (
  input: Input,
  options: Options,
) => Promise<Output>;

/** What is known of a local file: enough to check it against the catalog and to recognise it later. */
export type FileFacts = UploadableFile;

export interface UploadProgress {
  readonly handle: string;
  readonly sentBytes: number;
  readonly totalBytes: number;
}

export interface UploadOptions extends PortOptions {
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
}

export interface UploadedFile {
  readonly fileId: string;
}

export interface DownloadProgress {
  readonly receivedBytes: number;
  readonly totalBytes?: number;
}

export interface SaveOptions extends PortOptions {
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
}

/** A saved result, on disk or wherever the host stores it. */
export interface SavedResult {
  /** Path, or the host's own name for it. */
  readonly file: string;
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
  /**
   * True if the bytes are known to be complete and of the promised kind (law 8, never mistaken). Absent if the host does not
   * report it.
   */
  readonly verified?: boolean;
  /** Why the result is not verified, for people. */
  readonly warning?: string;
}

/** A time that is never reached (epoch ms): no deadline. Such a wait ends only by its signal and holds no timer. */
export const NEVER = Number.MAX_SAFE_INTEGER;

/** What the goal-job machine needs from its host, as plain async functions: one per API call, then files and time. */
export interface JobPorts {
  readonly loadCatalog: Port<Record<never, never>, readonly Workflow[]>;
  /** Inspects the files without reading them. Rejects with kind `file` if any is missing or unreadable, naming each. */
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
  /** Downloads from the pre-signed URL and stores the bytes where the host wants them. */
  readonly saveResult: Port<
    { readonly jobSpecId: string; readonly download: Download },
    SavedResult,
    SaveOptions
  >;
  /** Resolves when this job may start: a key allows only so many jobs at once ("Rate Limits"). A lane queues jobs here. */
  readonly startTurn: Port<Record<never, never>, void>;
  /** Resolves at or after an absolute time (epoch ms). */
  readonly waitUntil: Port<{ readonly at: number }, void>;
  /** Resolves when this job's status may be read: never before `notBefore` (epoch ms); a lane may make it later. */
  readonly pollTurn: Port<{ readonly jobSpecId: string; readonly notBefore: number }, void>;
}

/** Ports of a host's own, in the place of an adapter's. */
export type OwnPorts = { readonly [Name in keyof JobPorts]?: JobPorts[Name] | undefined };
