import { defined } from '../defined.js';
import type { Failure, FailureKind } from '../failure.js';
import type { LimitKind } from '../limits/limit-kind.js';
import type { HeaderMap } from '../limits/rate-headers.js';
import { isEmptyBody, isJsonBody } from '../speakers/api-signs.js';
import { isChallenge } from '../speakers/foreign-signs.js';
import { type ReplySigns, replySigns } from '../speakers/reply-signs.js';
import { cureFor, SPEAKER_WORDS, type Speaker, speakerOf } from '../speakers/speaker-of.js';
import { serverWords } from '../wire/server-words.js';
import { isCertainlyNotDone } from './not-done.js';

/** What is known of a reply that is not a success. */
export interface RefusedResponse {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  /** JSON if possible, else its text; redacted. */
  readonly body: unknown;
  readonly headers?: HeaderMap;
  /** Epoch ms, from `Retry-After`. */
  readonly retryAfterAt?: number;
  /** For a 429: which limit, and until when. */
  readonly limit?: LimitKind;
}

/** A reply and who sent it. */
type SentReply = Pick<RefusedResponse, 'path' | 'status'> & {
  readonly speaker: Speaker;
  readonly isJson: boolean;
  readonly isEmpty: boolean;
  readonly isChallenged: boolean;
};

const MAY_PASS: ReadonlySet<number> = new Set([408, 425, 499]);

/** Maps a status of the API to a kind: the only place that does ("Error Handling"). */
function kindOfStatus(status: number): FailureKind {
  if (status === 401 || status === 403) return 'key-refused';
  if (status === 404) return 'not-found';
  if (status === 409) return 'version-conflict';
  if (status === 410) return 'gone';
  if (status === 422) return 'validation';
  if (status === 429) return 'rate-limited';
  if (status === 400) return 'invalid-transition';
  if (MAY_PASS.has(status) || status >= 500) return 'server';
  return 'rejected';
}

const isCatalog = (path: string): boolean => path === '/workflows/catalog';

/** A reply from something else says nothing about the key or the job: it is a network problem (law 8, never mistaken). */
function kindOfForeign({ status, path, speaker }: SentReply): FailureKind {
  if (speaker === 'proxy' || speaker === 'portal') return status === 413 ? 'rejected' : 'network';
  if (MAY_PASS.has(status) || status >= 500) return 'server';
  // A request that is too large stays too large. A missing catalog means that the base URL is wrong.
  if (status === 413) return 'rejected';
  return isCatalog(path) && (status === 404 || status === 410) ? 'not-found' : 'network';
}

function kindOf(sent: SentReply): FailureKind {
  const { status, speaker, isJson, isEmpty } = sent;
  if (speaker === 'api') return kindOfStatus(status);
  if (speaker !== 'unknown') return kindOfForeign(sent);
  // Text that is not JSON names no field, so there is nothing to ask a person.
  if (status === 422 && !isJson && !isEmpty) return 'network';
  // The sender is unknown: that is not enough to give up on the key. A 401 as JSON most likely means it.
  return status === 403 || (status === 401 && !isJson) ? 'network' : kindOfStatus(status);
}

const ADVICE: Readonly<Partial<Record<FailureKind, string>>> = {
  'key-refused': 'Check the API key (CONVILYN_API_KEY) in the account settings.',
  'not-found': 'Check the id: the server does not know it, or not any more.',
  'version-conflict': 'Read the job again and repeat with its item version.',
  gone: 'It has expired: ask for a fresh one.',
  validation: 'Fix the fields that are named and send them again.',
  'rate-limited': 'Wait until the limit opens again.',
  'invalid-transition': 'Read the job again: it is not in the state that this call needs.',
  server: 'Try again later; the server is in trouble.',
  rejected: 'This will not heal by itself: read what the server says.',
};

/** The path of the catalog contains no id: if it is not found, the base URL is wrong. */
const NO_CATALOG = 'Check the base URL: there is no catalog under it. The reference ends it in /api/v1.';

/** Without a job, neither its id nor its state nor its item version can be the reason. */
const OF_A_JOB: ReadonlySet<FailureKind> = new Set(['not-found', 'version-conflict', 'invalid-transition']);
const BEFORE_A_JOB = 'Read what the server says about this request, fix the input and start again.';
const isBeforeJob = (path: string): boolean => path === '/upload' || path === '/jobs/goal';

function adviceFor(kind: FailureKind, { path, status, speaker, isChallenged }: SentReply): string {
  if (kind === 'not-found' && isCatalog(path)) return NO_CATALOG;
  const isForeign = speaker !== 'api' && (speaker !== 'unknown' || kind === 'network');
  if (isForeign) return cureFor(speaker, status, isChallenged);
  if (isBeforeJob(path) && OF_A_JOB.has(kind)) return BEFORE_A_JOB;
  return ADVICE[kind] ?? 'Read what the server says.';
}

function saidIn({ body }: RefusedResponse) {
  const { fieldErrors, error: serverError, message: serverMessage } = serverWords(body);
  const said = [serverError, serverMessage].filter((word) => word !== undefined).join(': ');
  const listed = fieldErrors.map((error) => `${error.field || '(no field)'}: ${error.message}`).join('; ');
  const facts = {
    ...defined({ serverError, serverMessage }),
    ...(fieldErrors.length === 0 ? {} : { fieldErrors }),
  };
  return { facts, words: `${said ? ` (${said})` : ''}${listed ? `; ${listed}` : ''}` };
}

const byWhom = (speaker: Speaker, kind: FailureKind): string => {
  if (speaker === 'api' || (speaker === 'unknown' && kind !== 'network')) return '';
  if (speaker === 'unknown') return ', and it is not known who sent it';
  return `, said by ${SPEAKER_WORDS[speaker]}, not by the API`;
};

const textOf = (body: unknown): string => (typeof body === 'string' ? body : '');

const signsOf = ({ status, headers, body }: RefusedResponse): ReplySigns =>
  replySigns(status, headers, textOf(body), { json: typeof body === 'string' ? undefined : body });

/** The failure for a reply that is not a success, including HTML, empty and malformed bodies. */
export function failureFromResponse(response: RefusedResponse): Failure {
  const { method, path, status } = response;
  const signs = signsOf(response);
  const sent = {
    path,
    status,
    speaker: speakerOf(signs),
    isJson: isJsonBody(signs),
    isEmpty: isEmptyBody(signs),
    isChallenged: isChallenge(signs),
  };
  const kind = kindOf(sent);
  const { facts, words } = saidIn(response);
  const { speaker } = sent;
  return {
    kind,
    message: `${method} ${path} answered ${status}${byWhom(speaker, kind)}${words}`,
    advice: adviceFor(kind, sent),
    delivery: speaker === 'api' && isCertainlyNotDone(signs) ? 'refused' : 'unknown',
    method,
    path,
    status,
    speaker,
    ...facts,
    ...(kind === 'rate-limited' ? response.limit : {}),
    // A retry time from the server is used, whatever the status. For a 429, its limit gives the better time.
    ...(kind !== 'rate-limited' && response.retryAfterAt !== undefined
      ? { retryAt: response.retryAfterAt }
      : {}),
  };
}
