import { isCdnJson, isFields, isGatewayJson } from './foreign-json.js';
import { isPage, type ReplySigns } from './reply-signs.js';

const isTelling = (value: unknown): boolean =>
  (typeof value === 'string' && value.trim() !== '') || typeof value === 'number' || isFields(value);

/** The error fields of the reference (`error`, `message`, `code`, `errors`), and those that servers commonly use instead. */
const WORDS = [
  'error',
  'message',
  'code',
  'detail',
  'msg',
  'title',
  'error_description',
  'errorMessage',
  'reason',
];
const LISTS = ['errors', 'detail', 'details', 'error'];

const hasWords = (json: unknown): boolean =>
  isFields(json) &&
  (WORDS.some((word) => Object.hasOwn(json, word) && isTelling(json[word])) ||
    LISTS.some((word) => Object.hasOwn(json, word) && typeof json[word] === 'object' && json[word] !== null));

/** Whether a body has the API's error shape ("Error Handling") or a common variant; a list of errors counts too. */
const hasErrorShape = ({ json, status }: ReplySigns): boolean => {
  if (Array.isArray(json)) return json.length > 0 && json.slice(0, 3).every(hasWords);
  return hasWords(json) && !isCdnJson(json) && !isGatewayJson(status, json);
};

/** `X-RateLimit-*` are in all responses of the API ("Rate Limits"). */
const hasLimitHeaders = ({ headers }: ReplySigns): boolean =>
  Object.keys(headers).some((name) => /^(x-)?ratelimit-(limit|remaining|reset)$/.test(name));

/** The API's way to ask for a key ("Base URL & Authentication"). With a page, something in front of the API asks. */
const asksForKey = (signs: ReplySigns): boolean =>
  /\bbearer\b/i.test(signs.headers['www-authenticate'] ?? '') && !isPage(signs);

/**
 * Whether the API itself refused: in its error shape, with a closed limit, or by asking for a key. Its limit headers alone do not
 * prove it: a page from something else may carry them too.
 */
export const isApisRefusal = (signs: ReplySigns): boolean =>
  hasErrorShape(signs) ||
  (signs.status === 429 && hasLimitHeaders(signs) && !isPage(signs)) ||
  (signs.status === 401 && asksForKey(signs));

/** A gateway that counts requests sends such headers with its own pages: they do not show that the API refuses the key. */
const isForbiddingPage = (signs: ReplySigns): boolean =>
  (signs.status === 401 || signs.status === 403) && isPage(signs);

/** Whether the reply came from the API itself. */
export const isApisWord = (signs: ReplySigns): boolean =>
  hasErrorShape(signs) || (hasLimitHeaders(signs) && !isForbiddingPage(signs)) || asksForKey(signs);

/** A JSON body that is not a known CDN page, whatever it contains. */
export const isJsonBody = ({ json }: Pick<ReplySigns, 'json'>): boolean =>
  typeof json === 'object' && json !== null && !isCdnJson(json);

export const isEmptyBody = ({ json, text }: Pick<ReplySigns, 'json' | 'text'>): boolean =>
  json === undefined && text.trim() === '';
