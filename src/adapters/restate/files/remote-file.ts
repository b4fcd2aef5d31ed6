import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { FileFacts } from '../../../machines/ports.js';
import { multipartEnvelope } from '../../../services/bytes/multipart.js';
import type { OpenFile, UploadBody } from '../../../services/bytes/upload-body.js';
import { errorFromFailure } from '../../../services/errors/error-from-failure.js';
import { redactUrl } from '../../../services/redaction/url-secrets.js';

const trouble = (url: string, what: string, kind: 'file' | 'network'): Error =>
  errorFromFailure({
    kind,
    message: `${redactUrl(url)}: ${what}`,
    advice: 'Check that every worker can read the URL, and that the server sends its length.',
    delivery: 'not-sent',
    ...(kind === 'file' ? { findings: [`${redactUrl(url)}: ${what}`] } : {}),
  });

/** A place that no worker can read, whatever happens. */
export function fileTrouble(place: string, what: string): Error {
  const message = `${place.replace(/[?#].*$/s, '')}: ${what}`;
  const advice = 'Check that every worker can read the path.';
  return errorFromFailure({ kind: 'file', message, advice, delivery: 'not-sent', findings: [message] });
}

/** Requests a URL. A status of 5xx may be temporary; other error statuses are not. */
async function ask(url: string, method: 'HEAD' | 'GET', signal: AbortSignal): Promise<Response> {
  let reply: Response;
  try {
    reply = await fetch(url, { method, signal, headers: { 'Accept-Encoding': 'identity' } });
  } catch (error) {
    signal.throwIfAborted();
    throw trouble(url, error instanceof Error ? error.message : String(error), 'network');
  }
  if (reply.ok) return reply;
  await reply.body?.cancel();
  throw trouble(url, `it answered ${reply.status}`, reply.status >= 500 ? 'network' : 'file');
}

function lengthOf(url: string, reply: Response): number {
  const header = reply.headers.get('content-length');
  const bytes = header === null ? Number.NaN : Number(header);
  if (Number.isSafeInteger(bytes) && bytes >= 0) return bytes;
  throw trouble(url, 'its server sends no valid Content-Length', 'file');
}

const nameIn = (url: string): string => {
  const last = new URL(url).pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last) || 'file';
  } catch {
    return last;
  }
};

/** Inspects a file behind a URL without downloading it. */
export async function inspectUrl(url: string, signal: AbortSignal): Promise<FileFacts> {
  const reply = await ask(url, 'HEAD', signal);
  return { handle: url, name: nameIn(url), bytes: lengthOf(url, reply) };
}

async function* counted(
  url: string,
  expected: number,
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for await (const chunk of chunks) {
    sent += chunk.length;
    if (sent > expected) break;
    yield chunk;
    onBytes(sent);
  }
  // An incomplete body must not get the end that would make the upload valid.
  if (sent !== expected) throw trouble(url, `${expected} bytes were announced, ${sent} came`, 'network');
}

/** A file behind a URL as an upload body ("Step 2: Upload a File"), streamed with constant memory. */
export const openUrl =
  (url: string, signal: AbortSignal): OpenFile =>
  async (file, onBytes): Promise<UploadBody> => {
    const reply = await ask(url, 'GET', signal);
    const bytes = lengthOf(url, reply);
    if (bytes !== file.bytes) {
      await reply.body?.cancel();
      throw trouble(url, `it had ${file.bytes} bytes when it was checked, ${bytes} now`, 'file');
    }
    const { head, tail, contentType } = multipartEnvelope(file.name);
    let isThrough = false;
    async function* parts(): AsyncGenerator<Uint8Array> {
      yield head;
      // Boundary: the types of fetch's and Node's streams are separate, but the streams are the same.
      const source = Readable.fromWeb((reply.body ?? new Blob([]).stream()) as ReadableStream<Uint8Array>);
      yield* counted(url, bytes, source, onBytes);
      isThrough = true;
      yield tail;
    }
    const body = Readable.from(parts(), { objectMode: false, highWaterMark: 64 * 1024 });
    return {
      data: body,
      headers: {
        'Content-Type': contentType,
        'Content-Length': String(head.length + bytes + tail.length),
      },
      counted: 'body',
      isThrough: () => isThrough,
      async close() {
        body.on('error', () => undefined).destroy();
      },
    };
  };
