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

/** A reply of the API's origin, no matter who sent it. */
export interface HeardReply {
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

function refused(reply: HeardReply, learn: (body: unknown) => Lesson): Failure {
  const { method, path, status, headers } = reply;
  const body = looseJson(reply.text);
  const signs: ReplySigns = replySigns(status, headers, typeof body === 'string' ? body : '', {
    json: typeof body === 'string' ? undefined : body,
  });
  // What a proxy or a CDN limits is not the key's budget; its own `Retry-After` is heard all the same.
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

/** What is told where the reply defeats its own reader: nothing is known but its status. */
function unreadable({ method, path, status }: HeardReply): Failure {
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

function typed(reply: HeardReply, classify: () => Failure): GoalLaneError {
  try {
    return errorFromFailure(classify());
  } catch (error) {
    return isGoalLaneError(error) ? error : errorFromFailure(unreadable(reply));
  }
}

/** The typed error of a reply that was no success. Total. `learn` reads what it says of limits. */
export const refusalOf = (reply: HeardReply, learn: (body: unknown) => Lesson): GoalLaneError =>
  typed(reply, () => refused(reply, learn));

/** The typed error of a redirect that is not followed. Total. */
export const redirectRefusal = (reply: HeardReply): GoalLaneError =>
  typed(reply, () => {
    const { method, path, url, status, headers, text } = reply;
    return failureFromRedirect({ method, path, url, signs: replySigns(status, headers, text) });
  });

/** Total: a transport of the host's own may hand over anything. */
function hasForeignHeader(headers: HeaderMap): boolean {
  try {
    for (const name in headers) if (isForeignHeader(name)) return true;
    return false;
  } catch {
    return true;
  }
}

/** The typed error of a success that is not the API's: a login page, a challenge. Undefined where it may be the API's. Total. */
export function foreignSuccessError(reply: HeardReply): GoalLaneError | undefined {
  const { method, path, status, headers, text } = reply;
  // What is cheap first: every poll comes by here, and JSON is most often an object.
  const isPlain = /^\s*[{[]/.test(text);
  if (isPlain && !hasForeignHeader(headers)) return undefined;
  const speaker = foreignSuccess(replySigns(status, headers, isPlain ? '' : text));
  if (speaker === undefined || speaker === 'api') return undefined;
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
