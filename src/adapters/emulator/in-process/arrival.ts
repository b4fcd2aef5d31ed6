import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
} from 'node:zlib';
import type { BodyShape } from '../faults/deliver.js';
import type { Headers, ModelReply } from '../model/messages.js';
import { bodyChunks, bodyLength } from './result-bytes.js';

/** Made as a whole, because virtual time waits for no stream. */
const ENCODE = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
const DECODE: Readonly<Record<string, (bytes: Uint8Array) => Buffer>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** A body as it comes to the caller, and the headers that it comes with. */
export interface Arrival {
  readonly chunks: Iterable<Uint8Array>;
  readonly bytes: number;
  readonly headers: Headers;
}

/**
 * What of a reply arrives. `decodes`: the transport takes codings off that it knows, and their header with them, as axios's own does unless told
 * otherwise. Throws zlib's error where the bytes are not in the coding that the header names.
 */
export function arrivalOf(reply: ModelReply, { framing, encoding }: BodyShape, decodes: boolean): Arrival {
  const isSized = framing === undefined && encoding === undefined;
  const headers: Headers = {
    ...(isSized ? { 'content-length': String(bodyLength(reply)) } : {}),
    ...reply.headers,
  };
  const { 'content-encoding': label, ...others } = headers;
  const decode = decodes && label !== undefined ? DECODE[label] : undefined;
  if (encoding === undefined && decode === undefined)
    return { chunks: bodyChunks(reply), bytes: bodyLength(reply), headers };
  const plain = Buffer.concat([...bodyChunks(reply)]);
  const sent = encoding === undefined ? plain : ENCODE[encoding](plain);
  const got = decode === undefined ? sent : decode(sent);
  return { chunks: [got], bytes: got.byteLength, headers: decode === undefined ? headers : others };
}
