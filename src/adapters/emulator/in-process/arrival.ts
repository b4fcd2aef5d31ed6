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

/** Synchronous, because virtual time does not wait for streams. */
const ENCODE = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync };
const DECODE: Readonly<Record<string, (bytes: Uint8Array) => Buffer>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** A body as it reaches the caller, with its headers. */
export interface Arrival {
  readonly chunks: Iterable<Uint8Array>;
  readonly bytes: number;
  readonly headers: Headers;
}

/**
 * The received part of a reply. `decodes`: the transport decodes known codings and removes their header, like axios's own by
 * default. Throws zlib's error if the bytes do not match the coding in the header.
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
