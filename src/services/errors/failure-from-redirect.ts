import type { Failure } from '../failure.js';
import { isApisWord } from '../speakers/api-signs.js';
import { certainlyForeign, likelyForeign } from '../speakers/foreign-signs.js';
import type { ReplySigns } from '../speakers/reply-signs.js';
import { cureFor, SPEAKER_WORDS, type Speaker } from '../speakers/speaker-of.js';

/** A redirect that is not followed. */
export interface RefusedRedirect {
  readonly method: string;
  readonly path: string;
  /** Target of the request. */
  readonly url: string;
  readonly signs: ReplySigns;
}

const LOGIN = /log[-_]?in|sign[-_]?in|captive|portal|hotspot|\bsso\b|\/auth|splash|guest/i;

const targetOf = ({ url, signs }: RefusedRedirect): URL | undefined => {
  const { location } = signs.headers;
  return location !== undefined && URL.canParse(location, url) ? new URL(location, url) : undefined;
};

function speakerOfRedirect(redirect: RefusedRedirect, target: URL | undefined): Speaker {
  const { signs, url } = redirect;
  const certain = certainlyForeign(signs);
  if (certain !== undefined) return certain;
  if (target !== undefined && LOGIN.test(`${target.hostname}${target.pathname}`)) return 'portal';
  if (isApisWord(signs)) return 'api';
  const from = new URL(url);
  const isUpgrade = target?.hostname === from.hostname && target.protocol !== from.protocol;
  if (isUpgrade) return 'gateway';
  if (target !== undefined && target.origin !== from.origin) return 'portal';
  return likelyForeign(signs) ?? 'unknown';
}

/** The failure for a redirect that is not followed. It says nothing about the job, and a change may have been made. */
export function failureFromRedirect(redirect: RefusedRedirect): Failure {
  const { method, path, signs } = redirect;
  const { status } = signs;
  const target = targetOf(redirect);
  const speaker = speakerOfRedirect(redirect, target);
  const to = target === undefined ? '' : ` to ${target.origin.slice(0, 100)}`;
  const by = speaker === 'api' || speaker === 'unknown' ? '' : `, by ${SPEAKER_WORDS[speaker]}`;
  return {
    kind: speaker === 'api' ? 'bad-response' : 'network',
    message: `${method} ${path} answered ${status}, a redirect${to}${by} that is not followed: the key goes to the API's origin and nowhere else`,
    advice: speaker === 'portal' ? cureFor(speaker, status) : 'Check the base URL, and the network.',
    delivery: 'unknown',
    method,
    path,
    status,
    speaker,
  };
}
