import { multipartEnvelope } from './multipart.js';

/** What an upload needs to know of a file. */
export interface UploadableFile {
  /** What the host calls it: a path in Node, a registered name for a Blob. */
  readonly handle: string;
  /** Base name, as it is sent. */
  readonly name: string;
  readonly bytes: number;
  /** Epoch ms of the last change, where the host knows. */
  readonly modifiedAt?: number;
  /** Epoch ms of the last change of anything about the file, where the host knows: it tells of a change that keeps the time. */
  readonly changedAt?: number;
  /** The same for every name of the same file, where the host can tell. */
  readonly identity?: string;
  /** Hex, where the host has read it. */
  readonly sha256?: string;
}

/** A multipart/form-data body with the one field `file` (Step 2), ready to be sent once. */
export interface UploadBody {
  /** What the transport takes: a Node stream, a Blob. */
  readonly data: unknown;
  /** Content-Type with its boundary, and Content-Length where the transport cannot know it. */
  readonly headers: Readonly<Record<string, string>>;
  /** Who counts the bytes: the body itself (through `onBytes`), the transport, or nobody. */
  readonly counted: 'body' | 'transport' | 'nowhere';
  /** Has all of it been handed to the transport? Left out where nobody knows. */
  isThrough?(): boolean;
  /** Lets go of the file, also when it was not sent whole. */
  close(): Promise<void>;
}

/** Opens a file for one upload; rejects with kind `file` where it is not the file that it was. `onBytes` gets the bytes of the file that have left so far. */
export type OpenFile = (file: UploadableFile, onBytes: (sentBytes: number) => void) => Promise<UploadBody>;

/**
 * An upload body made of a Blob or File, for browsers and the edge. It is one Blob with a Content-Type of its own: a FormData has none
 * before it is sent, and not every transport of axios gives it one.
 */
export function blobUploadBody(blob: Blob, name: string): UploadBody {
  const { head, tail, contentType } = multipartEnvelope(name);
  const data = new Blob([head, blob, tail], { type: contentType });
  // Only XMLHttpRequest can count; fetch would have to stream the body, which needs HTTP/2 and loses the Content-Length.
  const counted = typeof XMLHttpRequest === 'undefined' ? 'nowhere' : 'transport';
  return { data, headers: { 'Content-Type': contentType }, counted, close: async () => undefined };
}
