import type { ResultContent } from './result-content.js';

/** Header names in lower case. */
export type Headers = Readonly<Record<string, string>>;

/** Where the bytes of an upload are. `none`: only counted and hashed. */
export type UploadBytes =
  | { readonly kind: 'memory'; readonly bytes: Uint8Array }
  | { readonly kind: 'disk'; readonly path: string }
  | { readonly kind: 'none' };

/** A file as received by a transport: counted and hashed. */
export interface ReceivedFile {
  /** As the client sent it: not safe as a path. */
  readonly name: string;
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  readonly crc32: number;
  readonly bytes: UploadBytes;
}

/** A request to the API origin or the storage origin, independent of the transport. */
export interface ModelRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Headers;
  /** The body as text; the model parses JSON itself, because it refuses malformed JSON. */
  readonly body?: string;
  /** The part named `file` of a multipart body ("Step 2: Upload a File"). */
  readonly upload?: ReceivedFile;
  /** Epoch ms at which the client sent the request, if the transport knows it; default: on arrival. */
  readonly sentAt?: number;
}

/** A slice of a result, to be streamed by the transport. */
export interface ResultSlice {
  readonly content: ResultContent;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export interface ModelReply {
  readonly status: number;
  readonly headers: Headers;
  /** The body as sent; empty if there is none. */
  readonly text: string;
  /** Instead of `text`: a part of a result (storage origin only). */
  readonly slice?: ResultSlice;
}
