import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { setTimeout } from 'node:timers/promises';
import type { FileFacts } from '../../../machines/ports.js';
import { multipartEnvelope } from '../../../services/bytes/multipart.js';
import type { OpenFile, UploadBody } from '../../../services/bytes/upload-body.js';
import { errorFromFailure } from '../../../services/errors/error-from-failure.js';
import { isGoalLaneError } from '../../../services/errors/goal-lane-error.js';
import { redactUrl } from '../../../services/redaction/url-secrets.js';
import { hasUser } from '../check-values.js';

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

/** What fetch throws says nothing; its cause does. */
function wordsOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error ? cause.message : String(cause);
}

/** Requests a URL. A status of 5xx may be temporary; other error statuses are not. */
async function ask(
  url: string,
  method: 'HEAD' | 'GET',
  signal: AbortSignal,
  longestMs?: number,
): Promise<Response> {
  const until = longestMs === undefined ? [] : [AbortSignal.timeout(longestMs)];
  if (hasUser(url)) throw trouble(url, 'it carries a user, with which nothing is requested', 'file');
  let reply: Response;
  try {
    const ends = AbortSignal.any([signal, ...until]);
    reply = await fetch(url, { method, signal: ends, headers: { 'Accept-Encoding': 'identity' } });
  } catch (error) {
    signal.throwIfAborted();
    throw trouble(url, wordsOf(error), 'network');
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

/** A server that is restarted is back soon; a job whose files cannot be seen ends, and its id is used up. */
const PAUSES_MS = [250, 1_000];
/** The job's handler waits for it, and commands wait for that. */
const LOOK_MS = 15_000;

const mayHeal = (error: unknown): boolean => isGoalLaneError(error) && error.kind === 'network';

/** HEAD, or GET where that is refused: a URL that is signed for GET is for nothing else. */
async function lookAt(url: string, signal: AbortSignal): Promise<number> {
  const head = await ask(url, 'HEAD', signal, LOOK_MS).catch((error: unknown) => {
    if (signal.aborted || mayHeal(error)) throw error;
    return undefined;
  });
  if (head !== undefined) return lengthOf(url, head);
  const reply = await ask(url, 'GET', signal, LOOK_MS);
  await reply.body?.cancel();
  return lengthOf(url, reply);
}

/** Inspects a file behind a URL without downloading it. */
export async function inspectUrl(url: string, signal: AbortSignal): Promise<FileFacts> {
  for (let tries = 0; ; tries += 1) {
    try {
      return { handle: url, name: nameIn(url), bytes: await lookAt(url, signal) };
    } catch (error) {
      const pauseMs = PAUSES_MS[tries];
      if (pauseMs === undefined || signal.aborted || !mayHeal(error)) throw error;
      await setTimeout(pauseMs, undefined, { signal });
    }
  }
}

/** A source that breaks off is named: otherwise the upload that it ends would be. */
async function* named(url: string, chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw trouble(url, `it broke off (${wordsOf(error)})`, 'network');
  }
}

async function* counted(
  url: string,
  expected: number,
  chunks: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for await (const chunk of named(url, chunks)) {
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
