import { refuseInput } from './refuse-input.js';

/** The base URL of the API reference. */
export const DEFAULT_BASE_URL = 'https://api.convilyn.com/api/v1';

/** Characters allowed in a header value: a line break in a key would start a new header. */
const KEY = /^[\x21-\x7e]+$/;

/**
 * Returns the key if it can be sent, otherwise throws an `InvalidInputError` that does not show it (law 5, never leaked). Source:
 * "Base URL & Authentication".
 */
export function checkApiKey(apiKey: unknown): string {
  if (typeof apiKey !== 'string' || apiKey.trim() === '') {
    refuseInput(
      ['the API key is empty'],
      'Take the key from the account settings and set CONVILYN_API_KEY, or pass apiKey.',
    );
  }
  if (!KEY.test(apiKey)) {
    refuseInput(
      ['the API key holds a space, a line break or another character that no header can carry'],
      'Copy the key again, without the characters around it.',
    );
  }
  return apiKey;
}

const NAMES = 'Give the base URL as the reference does, e.g. https://api.convilyn.com/api/v1.';

/**
 * Returns the base URL without a trailing slash, or throws an `InvalidInputError`. A user, query or fragment is rejected: none is
 * intended, and a user would replace the key.
 */
export function checkBaseUrl(baseUrl: unknown): string {
  if (typeof baseUrl !== 'string' || !URL.canParse(baseUrl)) {
    refuseInput(['the base URL is not a URL'], NAMES);
  }
  const url = new URL(baseUrl);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    refuseInput([`the base URL has the protocol ${url.protocol}, which is neither https: nor http:`], NAMES);
  }
  if (url.username !== '' || url.password !== '') refuseInput(['the base URL carries a user'], NAMES);
  if (url.search !== '' || url.hash !== '')
    refuseInput(['the base URL carries a query or a fragment'], NAMES);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** An id as one path segment. An id that would lead to another path, or cannot be encoded in a URL, is rejected. */
export function pathSegment(name: string, id: string): string {
  try {
    // A lone surrogate cannot be encoded in a URL.
    if (typeof id === 'string' && id !== '' && id !== '.' && id !== '..') return encodeURIComponent(id);
  } catch {
    // Rejected below.
  }
  refuseInput(
    [`${name} ${JSON.stringify(id)?.slice(0, 80)} is not a valid id`],
    `Give the ${name} exactly as the server gave it.`,
  );
}
