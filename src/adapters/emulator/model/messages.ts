import type { ResultContent } from './result-content.js';

/** Header names in lower case. */
export type Headers = Readonly<Record<string, string>>;

/** Where the bytes of an upload are. `none`: only counted and hashed. */
export type UploadBytes =
  | { readonly kind: 'memory'; readonly bytes: Uint8Array }
  | { readonly kind: 'disk'; readonly path: string }
  | { readonly kind: 'none' };

/** A file as the face that received it hands it to the model: counted and hashed. */
export interface ReceivedFile {
  /** As the client sent it: not safe as a path. */
  readonly name: string;
  readonly size: number;
  /** Hex. */
  readonly sha256: string;
  readonly crc32: number;
  readonly bytes: UploadBytes;
}

/** A request to the API origin or to the storage origin, without its transport. */
export interface ModelRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Headers;
  /** The body as text; JSON is parsed by the model, which is what refuses malformed JSON. */
  readonly body?: string;
  /** The part named `file` of a multipart body (Step 2). */
  readonly upload?: ReceivedFile;
  /** Epoch ms at which the client let the request go, where the face knows it better than "on arrival". */
  readonly sentAt?: number;
}

/** A slice of a result, to be streamed by the face. */
export interface ResultSlice {
  readonly content: ResultContent;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

export interface ModelReply {
  readonly status: number;
  readonly headers: Headers;
  /** The body as it goes over the wire; empty where there is none. */
  readonly text: string;
  /** Instead of `text`: a part of a result (storage origin only). */
  readonly slice?: ResultSlice;
}
