import { defined } from '../defined.js';
import type { Failure } from '../failure.js';
import type { LimitKind } from '../limits/limit-kind.js';
import { type HeaderMap, parseTime } from '../limits/rate-headers.js';
import { isForeignHeader } from '../speakers/foreign-signs.js';
import { type ReplySigns, replySigns } from '../speakers/reply-signs.js';
import { cureFor, foreignSuccess, SPEAKER_WORDS, speakerOf } from '../speakers/speaker-of.js';
import { looseJson } from '../wire/loose-json.js';
import { plainWords } from '../wire/server-words.js';
import { errorFromFailure } from './error-from-failure.js';
import { failureFromRedirect } from './failure-from-redirect.js';
import { failureFromResponse } from './failure-from-response.js';
import { type GoalLaneError, isGoalLaneError } from './goal-lane-error.js';

/** A reply to a request to the API's origin, from any sender. */
export interface ReceivedReply {
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly status: number;
  readonly headers: HeaderMap;
  /** Without secrets. */
  readonly text: string;
  /** Epoch ms. */
  readonly receivedAt: number;
}

interface Lesson {
  readonly retryAfterAt?: number;
  readonly limit?: LimitKind;
}

const SPEAKS_OF_LIMITS: ReadonlySet<string> = new Set(['api', 'unknown']);

function refused(reply: ReceivedReply, learn: (body: unknown) => Lesson): Failure {
  const { method, path, status, headers } = reply;
  const body = looseJson(reply.text);
  const signs: ReplySigns = replySigns(status, headers, typeof body === 'string' ? body : '', {
    json: typeof body === 'string' ? undefined : body,
  });
  // A limit of a proxy or a CDN is not the key's budget, but its `Retry-After` is respected.
  const { retryAfterAt, limit }: Lesson = SPEAKS_OF_LIMITS.has(speakerOf(signs))
    ? learn(body)
    : { ...retryOf(parseTime(signs.headers['retry-after'], reply.receivedAt)) };
  return failureFromResponse({
    ...{ method, path, status, headers, body },
    ...retryOf(retryAfterAt),
    ...defined({ limit: limit }),
  });
}

const retryOf = (retryAfterAt: number | undefined) => defined({ retryAfterAt });

/** The failure if the reply cannot be read: only its status is known. */
function unreadable({ method, path, status }: ReceivedReply): Failure {
  return {
    kind: status === 429 ? 'rate-limited' : status >= 500 ? 'server' : 'bad-response',
    message: `${method} ${path} answered ${status}, and in a way that cannot be read`,
    advice: 'Try again; if this persists, the server or a proxy in front of it is broken.',
    delivery: 'unknown',
    method,
    path,
    status,
    speaker: 'unknown',
  };
}

function typed(reply: ReceivedReply, classify: () => Failure): GoalLaneError {
  try {
    return errorFromFailure(classify());
  } catch (error) {
    return isGoalLaneError(error) ? error : errorFromFailure(unreadable(reply));
  }
}

/** The typed error of a reply that is not a success. Never throws. `learn` reads what it says about limits. */
export const refusalOf = (reply: ReceivedReply, learn: (body: unknown) => Lesson): GoalLaneError =>
  typed(reply, () => refused(reply, learn));

/** The typed error of a redirect that is not followed. Never throws. */
export const redirectRefusal = (reply: ReceivedReply): GoalLaneError =>
  typed(reply, () => {
    const { method, path, url, status, headers, text } = reply;
    return failureFromRedirect({ method, path, url, signs: replySigns(status, headers, text) });
  });

/** Never throws, although a host's transport may return anything. */
function hasForeignHeader(headers: HeaderMap): boolean {
  try {
    for (const name in headers) if (isForeignHeader(name)) return true;
    return false;
  } catch {
    return true;
  }
}

/**
 * The typed error of a success that did not come from the API: a login page, a challenge. Undefined if it may come from the API.
 * Never throws.
 */
export function foreignSuccessError(reply: ReceivedReply): GoalLaneError | undefined {
  const { method, path, status, headers, text } = reply;
  // The cheap check first: every poll passes through here, and JSON is usually an object.
  const isPlain = /^\s*[{[]/.test(text);
  if (isPlain && !hasForeignHeader(headers)) return undefined;
  const speaker = foreignSuccess(replySigns(status, headers, isPlain ? '' : text));
  if (speaker === undefined) return undefined;
  const said = plainWords(text).slice(0, 80);
  return errorFromFailure({
    kind: 'network',
    message: `${method} ${path} answered ${status}, said by ${SPEAKER_WORDS[speaker]}, not by the API${said === '' ? '' : ` (${said})`}`,
    advice: cureFor(speaker, status),
    delivery: 'unknown',
    method,
    path,
    status,
    speaker,
  });
}
