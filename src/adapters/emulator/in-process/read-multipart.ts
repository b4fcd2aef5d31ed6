import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import busboy from 'busboy';
import type { ReceivedFile } from '../model/messages.js';
import { fileInMemory } from '../model/received-file.js';

const FIELD = 'file';

/** A multipart/form-data body with one file ("Step 2: Upload a File"), as bytes, for tests without files on disk. */
export function multipartBody(
  name: string,
  bytes: Uint8Array,
): { readonly data: Uint8Array; readonly headers: Readonly<Record<string, string>> } {
  const boundary = 'goal-lane-in-process';
  const escaped = name.replace(/["\r\n]/g, (char) => encodeURIComponent(char));
  const head =
    `--${boundary}\r\nContent-Disposition: form-data; name="${FIELD}"; filename="${escaped}"\r\n` +
    'Content-Type: application/octet-stream\r\n\r\n';
  const data = Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  return {
    data,
    headers: {
      'Content-Type': `multipart/form-data; boundary=${boundary}`,
      'Content-Length': String(data.byteLength),
    },
  };
}

/** Parses a complete body synchronously; the first part must be the file, otherwise nothing is found. */
function readWhole(bytes: Uint8Array, contentType: string): ReceivedFile | undefined {
  const boundary = /boundary="?([^";]+)/i.exec(contentType)?.[1];
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headEnd = body.indexOf('\r\n\r\n');
  const head = body.subarray(0, Math.max(0, headEnd)).toString('utf8');
  const end = body.indexOf(`\r\n--${boundary}`, headEnd + 4);
  const name = /name="file"; filename="([^"]*)"/.exec(head)?.[1];
  if (boundary === undefined || name === undefined || end < 0) return undefined;
  return fileInMemory(name, body.subarray(headEnd + 4, end));
}

async function readForm(form: FormData): Promise<ReceivedFile | undefined> {
  const entry = form.get(FIELD);
  if (!(entry instanceof Blob)) return undefined;
  const name = 'name' in entry && typeof entry.name === 'string' ? entry.name : 'blob';
  return fileInMemory(name, new Uint8Array(await entry.arrayBuffer()));
}

function readStream(stream: Readable, contentType: string): Promise<ReceivedFile | undefined> {
  return new Promise((resolve, reject) => {
    let received: Promise<ReceivedFile> | undefined;
    const parser = busboy({ headers: { 'content-type': contentType }, defParamCharset: 'utf8' });
    parser.on('file', (field, part, { filename }) => {
      if (field !== FIELD || received !== undefined) part.resume();
      else received = buffer(part).then((bytes) => fileInMemory(filename ?? '', bytes));
    });
    parser.on('error', reject);
    parser.on('close', () => resolve(received));
    stream.on('error', reject);
    stream.pipe(parser);
  });
}

/**
 * The file of a multipart body in any form that a transport accepts. Bytes are read synchronously; a FormData, a Blob or a stream
 * takes turns of the event loop, for which virtual time does not wait.
 */
export function readMultipart(
  data: unknown,
  contentType: string,
): ReceivedFile | undefined | Promise<ReceivedFile | undefined> {
  if (data instanceof FormData) return readForm(data);
  if (data instanceof Blob)
    return data.arrayBuffer().then((bytes) => readWhole(new Uint8Array(bytes), contentType));
  if (data instanceof Uint8Array) return readWhole(data, contentType);
  if (data instanceof Readable) return readStream(data, contentType);
  return undefined;
}
