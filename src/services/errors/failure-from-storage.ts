import { defined } from '../defined.js';
import type { Failure, FailureKind } from '../failure.js';
import type { HeaderMap } from '../limits/rate-headers.js';
import { certainlyForeign, type ForeignSpeaker, isProxysPage } from '../speakers/foreign-signs.js';
import { replySigns } from '../speakers/reply-signs.js';
import { cureFor, SPEAKER_WORDS } from '../speakers/speaker-of.js';
import { looseJson } from '../wire/loose-json.js';
import { plainWords, serverWords } from '../wire/server-words.js';

/** A refusal of a pre-signed URL. */
export interface StorageRefusal {
  /** As far as it may be shown. */
  readonly path: string;
  readonly status: number;
  /** The beginning of the body, redacted. */
  readonly body: string;
  readonly headers?: HeaderMap;
  /** Epoch ms, from `Retry-After`. */
  readonly retryAfterAt?: number;
}

/** Stores answer an expired URL with 403, 400 (`ExpiredToken`) or 401; a fresh URL may help in each case. */
const REFUSED_URL = new Set([400, 401, 403, 404, 410]);

function kindOf(status: number, foreign: ForeignSpeaker | undefined): FailureKind {
  // A fresh URL does not help against a proxy, a challenge or a login page.
  if (foreign !== undefined && status < 500) return 'network';
  if (status === 511) return 'network';
  if (REFUSED_URL.has(status)) return 'gone';
  if (status === 429) return 'rate-limited';
  return status === 408 || status === 425 || status >= 500 ? 'server' : 'rejected';
}

/** Only these two elements of a store's XML are shown: the rest may quote the signature. */
const tagged = (body: string, tag: 'Code' | 'Message'): string | undefined =>
  plainWords(new RegExp(`<${tag}>([^<]*)</${tag}>`).exec(body)?.[1] ?? '') || undefined;

function wordsOf(body: string): { error?: string | undefined; message?: string | undefined } {
  const json = looseJson(body);
  return typeof json === 'object'
    ? serverWords(json)
    : { error: tagged(body, 'Code'), message: tagged(body, 'Message') };
}

function adviceFor(kind: FailureKind, status: number, foreign: ForeignSpeaker | undefined): string {
  if (foreign !== undefined) return cureFor(foreign, status);
  return kind === 'gone'
    ? 'Ask for a fresh URL; results are kept for 24 hours after the job completed.'
    : 'Try again later; storage is in trouble.';
}

/** Only a certain sign counts, or a proxy's page: replies of stores vary, and requesting a fresh URL is cheap. */
function foreignIn({ status, headers, body }: StorageRefusal): ForeignSpeaker | undefined {
  const signs = replySigns(status, headers, body);
  return certainlyForeign(signs) ?? (isProxysPage(signs) ? 'proxy' : undefined);
}

/** The failure for a refused pre-signed URL, without its secret. */
export function failureFromStorage(refusal: StorageRefusal): Failure {
  const { path, status, retryAfterAt } = refusal;
  const foreign = foreignIn(refusal);
  const kind = kindOf(status, foreign);
  const by = foreign === undefined ? '' : `, said by ${SPEAKER_WORDS[foreign]}, not by storage`;
  const { error: serverError, message: serverMessage } = wordsOf(refusal.body);
  const said = [serverError, serverMessage].filter((word) => word !== undefined).join(': ');
  return {
    kind,
    message: `GET ${path} (the result) answered ${status}${by}${said ? ` (${said})` : ''}`,
    advice: adviceFor(kind, status, foreign),
    delivery: status >= 500 ? 'unknown' : 'refused',
    method: 'GET',
    path,
    status,
    speaker: foreign ?? 'storage',
    ...defined({ serverError, serverMessage }),
    ...(kind === 'rate-limited' ? { limit: 'quota' as const } : {}),
    ...defined({ retryAt: retryAfterAt }),
  };
}
