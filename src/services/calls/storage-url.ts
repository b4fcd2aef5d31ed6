import { errorFromFailure } from '../errors/error-from-failure.js';
import { errorWords } from '../errors/error-words.js';
import { isLoopback } from '../http/is-loopback.js';

/** Decides whether a result may be fetched from a URL, before anything is sent; called for redirect targets too. False refuses it. */
export type AllowUrl = (url: URL) => boolean;

/** The rules for storage URLs. */
export interface StoragePolicy {
  /** Base URL of the API. */
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
    // A copy, so that the host cannot change the URL that is then requested.
    return allowUrl(new URL(url)) === true ? undefined : 'allowUrl refuses it';
  } catch (error) {
    return `allowUrl threw (${errorWords(error)})`;
  }
}

/** Plain http is safe within one machine. */
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
 * Allows a storage URL or throws (kind `rejected`, nothing sent). The host's `allowUrl` has the last word. Without one, plain
 * http is refused if the API uses https, and so is a redirect from https to http. Messages name only the origin of the URL (law
 * 5, never leaked).
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
