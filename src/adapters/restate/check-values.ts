import { valueShown } from '../../machines/question/slot-value.js';
import { refuseInput } from '../../services/refuse-input.js';

/** @throws InvalidInputError if the options are not an object */
export function checkOptions(options: unknown): void {
  if (typeof options === 'object' && options !== null && !Array.isArray(options)) return;
  refuseInput(
    [`the options are ${valueShown(options)}; allowed is an object`],
    'Fix them; nothing was sent.',
  );
}

/** A URL of http or https. */
export const isHttpUrl = (value: unknown): value is string =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol);

/** `fetch` refuses it, with an error that shows it (law 5, never leaked). */
export function hasUser(url: string): boolean {
  const { username, password } = new URL(url);
  return username !== '' || password !== '';
}

/** What is wrong with the URL of an engine or a worker, without the secrets in it; undefined if nothing is. */
export function addressUrlFault(value: unknown): string | undefined {
  if (!isHttpUrl(value))
    return typeof value === 'string' && value.includes('@')
      ? 'is not a URL of http: or https:'
      : `is ${valueShown(value)}, not a URL of http: or https:`;
  if (hasUser(value)) return 'carries a user';
  const { search, hash } = new URL(value);
  return search === '' && hash === '' ? undefined : 'carries a query or a fragment';
}

/** The engine addresses jobs and keys by a segment of a path, and every client of HTTP resolves these two. */
export const isSegment = (name: unknown): boolean => name !== '.' && name !== '..';

/** Headers by name, as the platform allows their names and values. */
export function isHeaders(value: unknown): value is Readonly<Record<string, string>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  try {
    return new Headers(Object.entries(value)) instanceof Headers;
  } catch {
    return false;
  }
}
