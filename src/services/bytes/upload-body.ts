import { multipartEnvelope } from './multipart.js';

/** The facts about a file that an upload needs. */
export interface UploadableFile {
  /** The host's name for it: a path in Node, a registered name for a Blob. */
  readonly handle: string;
  /** Base name, as sent. */
  readonly name: string;
  readonly bytes: number;
  /** Epoch ms of the last change, if known. */
  readonly modifiedAt?: number;
  /** Epoch ms of the last change of any metadata, if known: detects a change that keeps `modifiedAt`. */
  readonly changedAt?: number;
  /** Equal for all names of the same file, if the host can detect it. */
  readonly identity?: string;
  /** Hex, if the host has read the file. */
  readonly sha256?: string;
}

/** A multipart/form-data body with the single field `file` ("Step 2: Upload a File"), to be sent once. */
export interface UploadBody {
  /** What the transport accepts: a Node stream, a Blob. */
  readonly data: unknown;
  /** Content-Type with its boundary, and Content-Length if the transport cannot determine it. */
  readonly headers: Readonly<Record<string, string>>;
  /** What counts the bytes: the body itself (through `onBytes`), the transport, or nothing. */
  readonly counted: 'body' | 'transport' | 'nowhere';
  /** Whether the whole body was handed to the transport. Omitted if unknown. */
  isThrough?(): boolean;
  /** Releases the file, even if it was not sent completely. */
  close(): Promise<void>;
}

/**
 * Opens a file for one upload. Rejects with kind `file` if the file has changed. `onBytes` receives the number of file bytes sent
 * so far.
 */
export type OpenFile = (file: UploadableFile, onBytes: (sentBytes: number) => void) => Promise<UploadBody>;

/**
 * An upload body from a Blob or File, for browsers and edge runtimes. It is one Blob with its own Content-Type: a FormData has
 * none before it is sent, and not every axios transport adds one.
 */
export function blobUploadBody(blob: Blob, name: string): UploadBody {
  const { head, tail, contentType } = multipartEnvelope(name);
  const data = new Blob([head, blob, tail], { type: contentType });
  // Only XMLHttpRequest reports progress. fetch would have to stream the body, which needs HTTP/2 and loses the Content-Length.
  const counted = typeof XMLHttpRequest === 'undefined' ? 'nowhere' : 'transport';
  return { data, headers: { 'Content-Type': contentType }, counted, close: async () => undefined };
}
