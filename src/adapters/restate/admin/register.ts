import { valueShown } from '../../../machines/question/slot-value.js';
import { errorFromFailure } from '../../../services/errors/error-from-failure.js';
import { refuseInput } from '../../../services/refuse-input.js';
import { isHttpUrl } from '../check-values.js';
import { withinTime } from '../within-time.js';

export const DEFAULT_ADMIN = 'http://127.0.0.1:9070';

export interface RegisterOptions {
  /** URL of the engine's admin API. Default `http://127.0.0.1:9070`. */
  readonly admin?: string | undefined;
  /** The `url` from `listen`; behind a load balancer, its origin with the path of that URL. */
  readonly url: string;
}

const trouble = (admin: string, what: string): Error =>
  errorFromFailure({
    kind: 'network',
    message: `the durable engine at ${admin} cannot be used: ${what}`,
    advice: 'Start it, or name its administration address.',
    delivery: 'unknown',
  });

/** Sends a request to the engine's admin API; returns the body as JSON. */
export async function askAdmin(admin: string, path: string, init: RequestInit = {}): Promise<unknown> {
  let reply: Response;
  let text: string;
  try {
    [reply, text] = await withinTime(30_000, async (signal) => {
      const headers = { 'Content-Type': 'application/json', Accept: 'application/json' };
      const answer = await fetch(`${admin.replace(/\/+$/, '')}${path}`, { ...init, headers, signal });
      return [answer, await answer.text()] as const;
    });
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    throw trouble(admin, cause instanceof Error ? cause.message : String(cause));
  }
  if (!reply.ok) throw trouble(admin, `${path} answered ${reply.status}: ${text.slice(0, 300)}`);
  return text === '' ? undefined : JSON.parse(text);
}

interface Deployment {
  readonly id: string;
  /** Absent where the engine calls something other than a URL. */
  readonly uri?: string;
}

/** Deployments of the same release at another address: the path of a worker's URL names its release. */
async function movedTo(admin: string, url: string): Promise<readonly Deployment[]> {
  const reply = await askAdmin(admin, '/deployments');
  // Boundary: the engine's own answer.
  const { deployments } = reply as { readonly deployments: readonly Deployment[] };
  const { pathname, origin } = new URL(url);
  const release = pathname.replace(/\/+$/, '');
  return deployments.filter(({ uri = '' }) => {
    if (!URL.canParse(uri)) return false;
    const known = new URL(uri);
    return known.origin !== origin && known.pathname.replace(/\/+$/, '') === release;
  });
}

/**
 * Registers a worker's URL with the engine, once for all processes behind it. From then on new handlers start there, and handlers
 * that the same release has started at another address continue there: its workers may have moved to another machine.
 * @throws NetworkError if the engine cannot be reached or refuses; InvalidInputError if that is not a URL
 */
export async function registerWorker({
  admin = DEFAULT_ADMIN,
  url,
}: RegisterOptions): Promise<{ readonly deployment: string }> {
  if (!isHttpUrl(url) || url === undefined)
    refuseInput([`url is ${valueShown(url)}; allowed is the URL from listen`], 'Fix it and register again.');
  const called = { uri: url, use_http_11: false };
  for (const { id } of await movedTo(admin, url)) {
    const moved = JSON.stringify({ ...called, overwrite: true });
    await askAdmin(admin, `/deployments/${encodeURIComponent(id)}`, { method: 'PATCH', body: moved });
  }
  const body = JSON.stringify({ ...called, force: true });
  const reply = await askAdmin(admin, '/deployments', { method: 'POST', body });
  // Boundary: the engine's own answer.
  return { deployment: (reply as { readonly id: string }).id };
}
