import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import * as zlib from 'node:zlib';

/** A body that breaks off within its encoding gives what came, as it does without one. */
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

/** RFC 9110 means zlib's format; some servers send the bare one. The low half of zlib's first byte is 8. */
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

/** What axios's own transport offers, and what is decoded here. */
export const ACCEPTED_ENCODINGS = 'gzip, compress, deflate, br';

/** The decoder of a Content-Encoding; undefined where there is none, or none that is known. */
export const decoderOf = (encoding: unknown): Decoder | undefined => {
  const name = typeof encoding === 'string' ? encoding.trim().toLowerCase() : '';
  return Object.hasOwn(DECODERS, name) ? DECODERS[name] : undefined;
};
