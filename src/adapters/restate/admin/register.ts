import { errorFromFailure } from '../../../services/errors/error-from-failure.js';

export const DEFAULT_ADMIN = 'http://127.0.0.1:9070';

export interface RegisterOptions {
  /** URL of the engine's admin API. Default `http://127.0.0.1:9070`. */
  readonly admin?: string | undefined;
  /** The `url` from `listen`. */
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
    reply = await fetch(`${admin.replace(/\/+$/, '')}${path}`, {
      ...init,
      headers: { 'Content-Type': 'application/json', Accept: 'application/json' },
      signal: AbortSignal.timeout(30_000),
    });
    text = await reply.text();
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    throw trouble(admin, cause instanceof Error ? cause.message : String(cause));
  }
  if (!reply.ok) throw trouble(admin, `${path} answered ${reply.status}: ${text.slice(0, 300)}`);
  return text === '' ? undefined : JSON.parse(text);
}

/**
 * Registers a worker's URL with the engine, once for all processes behind it. From then on new handlers start there.
 * @throws NetworkError if the engine cannot be reached or refuses
 */
export async function registerWorker({
  admin = DEFAULT_ADMIN,
  url,
}: RegisterOptions): Promise<{ readonly deployment: string }> {
  const body = JSON.stringify({ uri: url, use_http_11: false, force: true });
  const reply = await askAdmin(admin, '/deployments', { method: 'POST', body });
  // Boundary: the engine's own answer.
  return { deployment: (reply as { readonly id: string }).id };
}
