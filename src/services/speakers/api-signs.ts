import { isPage, type ReplySigns } from './reply-signs.js';

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isTelling = (value: unknown): boolean =>
  (typeof value === 'string' && value.trim() !== '') || typeof value === 'number' || isFields(value);

/** The words of the reference (`error`, `message`, `code`, `errors`), and those that servers commonly use in their place. */
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

/** What a CDN says in JSON is still said by the CDN. */
const isCdnJson = (json: Fields): boolean =>
  json.cloudflare_error === true ||
  ('ray_id' in json && 'error_code' in json) ||
  (typeof json.type === 'string' && json.type.includes('developers.cloudflare.com'));

const hasWords = (json: unknown): boolean =>
  isFields(json) &&
  !isCdnJson(json) &&
  (WORDS.some((word) => Object.hasOwn(json, word) && isTelling(json[word])) ||
    LISTS.some((word) => Object.hasOwn(json, word) && typeof json[word] === 'object' && json[word] !== null));

/** Whether a body has the API's error shape (Error Handling), in any sensible variant of it; a list of errors is one too. */
const hasErrorShape = (json: unknown): boolean =>
  Array.isArray(json) ? json.length > 0 && json.slice(0, 3).every(hasWords) : hasWords(json);

/** `X-RateLimit-*` are in all responses of the API (Rate Limits). */
const hasLimitHeaders = ({ headers }: ReplySigns): boolean =>
  Object.keys(headers).some((name) => /^(x-)?ratelimit-(limit|remaining|reset)$/.test(name));

/** The API's own way to ask for a key (Base URL & Authentication); with a page beside it, it is what guards the API that asks. */
const asksForKey = (signs: ReplySigns): boolean =>
  /\bbearer\b/i.test(signs.headers['www-authenticate'] ?? '') && !isPage(signs);

/**
 * Whether the API refused in so many words: in its error shape, with a limit that is shut, or by asking for a key. Its limit headers alone
 * are no word of it: a page that carries them may be anybody's who passed them on.
 */
export const isApisRefusal = (signs: ReplySigns): boolean =>
  hasErrorShape(signs.json) ||
  (signs.status === 429 && hasLimitHeaders(signs) && !isPage(signs)) ||
  (signs.status === 401 && asksForKey(signs));

/** Whether the API itself said this. */
export const isApisWord = (signs: ReplySigns): boolean =>
  hasErrorShape(signs.json) || hasLimitHeaders(signs) || asksForKey(signs);

/** JSON that is no page of anybody's, whatever it says. */
export const isJsonBody = ({ json }: Pick<ReplySigns, 'json'>): boolean =>
  typeof json === 'object' && json !== null && !(isFields(json) && isCdnJson(json));

export const isCdnBody = ({ json }: ReplySigns): boolean => isFields(json) && isCdnJson(json);
