import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** How the storage behaves; the reference says only that a URL is good for an hour. */
export interface StorageOptions {
  readonly range: 'honoured' | 'ignored' | 'wrong';
  readonly etag: boolean;
  readonly length: 'stated' | 'chunked' | 'gzip';
  /** So many bodies break off in the middle. */
  readonly cuts: number;
  /** So many URLs are expired when they are handed out. */
  readonly expiredUrls: number;
  readonly refusal: 403 | 404 | 410 | 400;
}

export const plainStorage: StorageOptions = {
  range: 'honoured',
  etag: true,
  length: 'stated',
  cuts: 0,
  expiredUrls: 0,
  refusal: 403,
};

const EXPIRED_XML =
  '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>';

export interface Stored {
  readonly bytes: Buffer;
  readonly isExpired: boolean;
}

const startOf = (request: IncomingMessage): number | undefined => {
  const start = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
  return start === undefined ? undefined : Number(start);
};

function headersOf(options: StorageOptions, bytes: Buffer, from: number, isPart: boolean) {
  const shownFrom = options.range === 'wrong' ? 0 : from;
  return {
    'Content-Type': 'application/zip',
    ...(options.length === 'stated' ? { 'Content-Length': String(bytes.length - from) } : {}),
    ...(options.etag ? { ETag: `"${bytes.length}-etag"` } : {}),
    ...(isPart ? { 'Content-Range': `bytes ${shownFrom}-${bytes.length - 1}/${bytes.length}` } : {}),
  };
}

function sendCut(response: ServerResponse, head: [number, Record<string, string>], part: Buffer): void {
  response.writeHead(...head);
  response.write(part.subarray(0, Math.floor(part.length / 2)), () => {
    setTimeout(() => response.socket?.destroy(), 30);
  });
}

/** Serves one GET of a pre-signed URL. */
export function serveStored(
  options: StorageOptions,
  stored: Stored | undefined,
  nth: number,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (request.headers.authorization !== undefined) {
    response.writeHead(400, { 'Content-Type': 'application/xml' });
    response.end(
      '<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>',
    );
    return;
  }
  if (stored === undefined || stored.isExpired) {
    response.writeHead(options.refusal, { 'Content-Type': 'application/xml' });
    response.end(EXPIRED_XML);
    return;
  }
  const { bytes } = stored;
  const asked = options.range === 'ignored' ? undefined : startOf(request);
  if (asked !== undefined && asked >= bytes.length) {
    response.writeHead(416, { 'Content-Range': `bytes */${bytes.length}` });
    response.end();
    return;
  }
  const from = asked ?? 0;
  const status = asked === undefined ? 200 : 206;
  const head = headersOf(options, bytes, from, asked !== undefined);
  // A wrong Content-Range comes with the bytes that it names, not with those asked for.
  const part = options.range === 'wrong' ? bytes : bytes.subarray(from);
  if (nth <= options.cuts) {
    sendCut(response, [status, head], part);
    return;
  }
  const accepts = /gzip/.test(String(request.headers['accept-encoding'] ?? ''));
  if (options.length === 'gzip' && accepts && asked === undefined) {
    response.writeHead(status, { ...head, 'Content-Encoding': 'gzip' });
    response.end(gzipSync(part));
    return;
  }
  if (options.range === 'wrong' && asked !== undefined)
    delete (head as Record<string, string>)['Content-Length'];
  response.writeHead(status, head);
  response.end(part);
}
