import type { Delivery, Failure, FailureKind } from '../failure.js';
import type { LimitVerdict } from '../limit-kind.js';
import { redactSecrets } from '../redact.js';
import { serverWords } from '../server-words.js';

/** What is known of a reply that was no success. */
export interface RefusedResponse {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly body: unknown;
  /** Epoch ms, from `Retry-After`. */
  readonly retryAfterAt?: number;
  /** Of a 429: which limit, and until when. */
  readonly limit?: LimitVerdict;
  readonly secrets: readonly string[];
}

/** Status to kind: the one place (Error Handling). */
function kindOf(status: number): FailureKind {
  if (status === 401 || status === 403) return 'key-refused';
  if (status === 404) return 'not-found';
  if (status === 409) return 'version-conflict';
  if (status === 410) return 'gone';
  if (status === 422) return 'validation';
  if (status === 429) return 'rate-limited';
  if (status === 400) return 'invalid-transition';
  if (status === 408 || status === 425 || status >= 500) return 'server';
  return 'rejected';
}

const ADVICE: Readonly<Partial<Record<FailureKind, string>>> = {
  'key-refused': 'Check the API key (CONVILYN_API_KEY) in the account settings.',
  'not-found': 'Check the id: the server does not know it, or not any more.',
  'version-conflict': 'Read the job again and repeat with its item version.',
  gone: 'It has expired: ask for a fresh one, or start again.',
  validation: 'Mend the fields that are named and send them again.',
  'rate-limited': 'Wait until the limit opens again.',
  'invalid-transition': 'Read the job again: it is not in the state that this call needs.',
  server: 'Try again later; the server is in trouble.',
  rejected: 'This will not heal by itself: read what the server says.',
};

/** Nothing is named in the catalog's path: where it is not found, it is the base URL that leads elsewhere. */
const NO_CATALOG = 'Check the base URL: there is no catalog under it. The reference ends it in /api/v1.';

const adviceFor = (kind: FailureKind, path: string): string =>
  kind === 'not-found' && path === '/workflows/catalog'
    ? NO_CATALOG
    : (ADVICE[kind] ?? 'Read what the server says.');

/** A 4xx is an answer: the server did not act. Behind a 5xx nobody knows. */
const deliveryOf = (status: number): Delivery => (status >= 500 || status < 400 ? 'unknown' : 'refused');

/** A reply that was no success, as plain data; HTML, empty and malformed bodies included. */
export function failureFromResponse(response: RefusedResponse): Failure {
  const { method, path, status } = response;
  const kind = kindOf(status);
  const clean = (text: string | undefined): string | undefined =>
    text && redactSecrets(text, response.secrets);
  const words = serverWords(response.body);
  const [serverError, serverMessage] = [clean(words.error), clean(words.message)];
  const said = [serverError, serverMessage].filter((word) => word !== undefined).join(': ');
  const fields = words.fieldErrors.map((error) => ({
    field: clean(error.field) ?? '',
    message: clean(error.message) ?? '',
  }));
  const listed = fields.map((error) => `${error.field || '(no field)'}: ${error.message}`).join('; ');
  return {
    kind,
    message: `${method} ${path} answered ${status}${said ? ` (${said})` : ''}${listed ? `; ${listed}` : ''}`,
    advice: adviceFor(kind, path),
    delivery: deliveryOf(status),
    method,
    path,
    status,
    ...(serverError === undefined ? {} : { serverError }),
    ...(serverMessage === undefined ? {} : { serverMessage }),
    ...(fields.length === 0 ? {} : { fieldErrors: fields }),
    ...(kind === 'rate-limited' ? response.limit : {}),
    // Whoever says when to ask again is taken at that word, whatever the status is: of a 429 its limit knows better.
    ...(kind !== 'rate-limited' && response.retryAfterAt !== undefined
      ? { retryAt: response.retryAfterAt }
      : {}),
  };
}
