import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';
import { codingsOf, MOST_CODINGS } from '../../../services/content/content-coding.js';

/** A truncated encoded body yields the bytes received, like one without encoding. */
const LENIENT = { flush: zlib.constants.Z_SYNC_FLUSH, finishFlush: zlib.constants.Z_SYNC_FLUSH };
const LENIENT_BROTLI = {
  flush: zlib.constants.BROTLI_OPERATION_FLUSH,
  finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
};

interface Decoder {
  whole(body: Buffer, mostBytes: number): Promise<Buffer>;
  stream(): Duplex;
}

const [unzip, inflate, inflateRaw, unbrotli] = [
  promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.unzip),
  promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflate),
  promisify<Buffer, zlib.ZlibOptions, Buffer>(zlib.inflateRaw),
  promisify<Buffer, zlib.BrotliOptions, Buffer>(zlib.brotliDecompress),
];

const gzip: Decoder = {
  whole: (body, maxOutputLength) => unzip(body, { ...LENIENT, maxOutputLength }),
  stream: () => zlib.createUnzip(LENIENT),
};

/** RFC 9110 means the zlib format; some servers send raw deflate. The low half of zlib's first byte is 8. */
const hasZlibHeader = (body: Buffer): boolean => ((body[0] ?? 0) & 0x0f) === 8;

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip,
  'x-gzip': gzip,
  compress: gzip,
  'x-compress': gzip,
  deflate: {
    whole: (body, maxOutputLength) =>
      (hasZlibHeader(body) ? inflate : inflateRaw)(body, { ...LENIENT, maxOutputLength }),
    stream: () => zlib.createInflate(LENIENT),
  },
  br: {
    whole: (body, maxOutputLength) => unbrotli(body, { ...LENIENT_BROTLI, maxOutputLength }),
    stream: () => zlib.createBrotliDecompress(LENIENT_BROTLI),
  },
};

/** The codings that axios's own transport offers, all decoded here. */
export const ACCEPTED_ENCODINGS = 'gzip, compress, deflate, br';

/** What undoes a Content-Encoding, in the order in which it is undone. */
export interface BodyDecoder {
  whole(body: Buffer, mostBytes: number): Promise<Buffer>;
  streams(): Duplex[];
}

/** The decoder of a Content-Encoding; undefined if there is none, or one of its codings is unknown. */
export function decoderOf(encoding: unknown): BodyDecoder | undefined {
  const codings = codingsOf(encoding).toReversed();
  const decoders = codings.flatMap((name) => (Object.hasOwn(DECODERS, name) ? (DECODERS[name] ?? []) : []));
  if (codings.length === 0 || codings.length > MOST_CODINGS || decoders.length < codings.length)
    return undefined;
  return {
    async whole(body, mostBytes) {
      let decoded = body;
      for (const decoder of decoders) decoded = await decoder.whole(decoded, mostBytes);
      return decoded;
    },
    streams: () => decoders.map((decoder) => decoder.stream()),
  };
}
