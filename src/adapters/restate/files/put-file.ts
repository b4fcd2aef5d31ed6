import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { valueShown } from '../../../machines/question/slot-value.js';
import { errorFromFailure } from '../../../services/errors/error-from-failure.js';
import { redactUrl } from '../../../services/redaction/url-secrets.js';
import { hasUser, isHeaders, isHttpUrl } from '../check-values.js';
import type { PutTarget, ResultToPut } from '../worker-options.js';

const withoutQuery = (url: string): string => {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
};

const noTarget = (what = 'no URL for a PUT'): Error =>
  errorFromFailure({
    kind: 'storage',
    message: `the \`results\` function of the workers returned ${what}`,
    advice:
      'Let it return { url } with an https: URL, then resume the job: the server keeps its result for a while.',
    delivery: 'not-sent',
  });

/**
 * Streams a file in one PUT; resolves with its name for the outcome. Rejects with kind `storage`, or `network` if a retry may
 * succeed.
 */
export async function putFile(
  path: string,
  { bytes }: ResultToPut,
  target: PutTarget,
  signal: AbortSignal,
): Promise<string> {
  // A JavaScript host may return anything.
  const { url, headers = {}, name }: Partial<Record<keyof PutTarget, unknown>> = { ...target };
  if (!isHttpUrl(url)) throw noTarget();
  if (!isHeaders(headers)) throw noTarget('headers that no request can carry');
  if (name !== undefined && (typeof name !== 'string' || name === ''))
    throw noTarget(`the name ${valueShown(name)}; allowed is a text`);
  if (hasUser(url)) throw noTarget('a URL with a user, which belongs into its headers');
  const refuse = (what: string, mayHeal: boolean): Error =>
    errorFromFailure({
      kind: mayHeal ? 'network' : 'storage',
      message: `the result could not be put to ${redactUrl(url)}: ${what}`,
      advice:
        'Check the URL that the host made, then resume the job: the server keeps its result for a while.',
      delivery: 'unknown',
      method: 'PUT',
    });
  const stream = createReadStream(path, { highWaterMark: 256 * 1024 });
  try {
    // Boundary: the types of Node's and fetch's streams are separate, but the streams are the same.
    const body = Readable.toWeb(stream) as ReadableStream;
    // Boundary: the types lack `duplex`, which a streamed body requires.
    const init = { method: 'PUT', body, signal, duplex: 'half', redirect: 'manual' } as RequestInit;
    const reply = await fetch(url, { ...init, headers: { ...headers, 'Content-Length': String(bytes) } });
    await reply.body?.cancel();
    if (!reply.ok) throw refuse(`it answered ${reply.status}`, reply.status >= 500 || reply.status === 429);
    return name ?? withoutQuery(url);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TypeError) throw refuse(String(error.cause ?? error.message), true);
    throw error;
  } finally {
    stream.destroy();
  }
}
