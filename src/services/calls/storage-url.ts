import { errorFromFailure } from '../errors/error-from-failure.js';
import { errorWords } from '../errors/error-words.js';
import { isLoopback } from '../http/is-loopback.js';

/** Decides about a URL that a result is to be fetched from, before anything is sent there; a redirect's target as well. False refuses it. */
export type AllowUrl = (url: URL) => boolean;

/** What decides about the URLs of storage. */
export interface StoragePolicy {
  /** Of the API. */
  readonly baseUrl: string;
  readonly allowUrl?: AllowUrl | undefined;
}

const refused = (why: string, advice: string): Error =>
  errorFromFailure({
    kind: 'rejected',
    message: `the result is not fetched: ${why}`,
    advice,
    delivery: 'not-sent',
    method: 'GET',
  });

function refusedByHost(url: URL, allowUrl: AllowUrl): string | undefined {
  try {
    // A copy: whatever the host does to it, what was allowed is what is asked for.
    return allowUrl(new URL(url)) === true ? undefined : 'allowUrl refuses it';
  } catch (error) {
    return `allowUrl threw (${errorWords(error)})`;
  }
}

/** Within one machine nobody listens. */
const isDowngrade = (url: URL, baseUrl: string): boolean => {
  const api = new URL(baseUrl);
  return (
    url.protocol === 'http:' &&
    api.protocol === 'https:' &&
    !(isLoopback(url.hostname) && isLoopback(api.hostname))
  );
};

const AFTER = 'The job is safe: attach to it or resume it once that is settled.';

/**
 * Lets a storage URL pass, or throws what refuses it (kind `rejected`, nothing sent): the host's `allowUrl`, whose word is the last;
 * without one, plain http where the API is https, and a redirect from https to http. Of the URL only its origin is told (law 5).
 */
export function refuseStorageUrl(url: URL, { baseUrl, allowUrl }: StoragePolicy, from?: URL): void {
  const where = `${from === undefined ? 'its URL is' : 'storage redirects it to one'} on ${url.origin}`;
  if (allowUrl !== undefined) {
    const why = refusedByHost(url, allowUrl);
    if (why === undefined) return;
    throw refused(`${where}, and ${why}`, `Let allowUrl accept that origin if it is intended. ${AFTER}`);
  }
  if (isDowngrade(url, baseUrl) || (from?.protocol === 'https:' && url.protocol === 'http:')) {
    const cure =
      'Ask the service for https URLs; where plain http is intended, accept the URL by the option allowUrl.';
    throw refused(
      `${where}, plain http behind https: anyone on the network path could read and change it`,
      `${cure} ${AFTER}`,
    );
  }
}
