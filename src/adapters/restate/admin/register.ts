import { refuseInput } from '../../../services/refuse-input.js';
import { addressUrlFault } from '../check-values.js';
import { askAdmin, DEFAULT_ADMIN } from './admin-api.js';

export interface RegisterOptions {
  /** URL of the engine's admin API. Default `http://127.0.0.1:9070`. */
  readonly admin?: string | undefined;
  /** The `url` from `listen`; behind a load balancer, its origin with the path of that URL. */
  readonly url: string;
}

/** The engine calls the workers at once to learn what they serve. */
const UNREACHED = 'Name the URL at which the engine reaches the workers.';

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
 * @throws NetworkError if the engine cannot be reached, or does not reach the workers; InvalidInputError for a URL that cannot be meant
 */
export async function registerWorker({
  admin = DEFAULT_ADMIN,
  url,
}: RegisterOptions): Promise<{ readonly deployment: string }> {
  const fault = addressUrlFault(url);
  if (fault !== undefined)
    refuseInput([`url ${fault}; allowed is the URL from listen`], 'Fix it and register again.');
  const called = { uri: url, use_http_11: false };
  for (const { id } of await movedTo(admin, url)) {
    const moved = JSON.stringify({ ...called, overwrite: true });
    await askAdmin(
      admin,
      `/deployments/${encodeURIComponent(id)}`,
      { method: 'PATCH', body: moved },
      UNREACHED,
    );
  }
  const body = JSON.stringify({ ...called, force: true });
  const reply = await askAdmin(admin, '/deployments', { method: 'POST', body }, UNREACHED);
  // Boundary: the engine's own answer.
  return { deployment: (reply as { readonly id: string }).id };
}
