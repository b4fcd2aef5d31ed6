import type { Failure } from '../failure.js';
import { isApisWord } from './api-signs.js';
import { certainlyForeign, type ForeignSpeaker, likelyForeign } from './foreign-signs.js';
import { isMarkup, type ReplySigns } from './reply-signs.js';

/** Who sent a reply (law 8, never mistaken). */
export type Speaker = NonNullable<Failure['speaker']>;

/** Who sent a reply that is not a success: the API, or something in front of it. `unknown` if nothing shows it. */
export function speakerOf(signs: ReplySigns): Speaker {
  return certainlyForeign(signs) ?? (isApisWord(signs) ? 'api' : (likelyForeign(signs) ?? 'unknown'));
}

/** Who sent a success that did not come from the API: markup instead of JSON. Undefined if it may come from the API. */
export function foreignSuccess(signs: ReplySigns): ForeignSpeaker | undefined {
  const certain = certainlyForeign(signs);
  if (certain !== undefined) return certain;
  if (!isMarkup(signs)) return undefined;
  const likely = likelyForeign(signs);
  // A server that answers every address with a page wants the person to do something.
  return likely === undefined || likely === 'gateway' ? 'portal' : likely;
}

/** The names of senders in messages. */
export const SPEAKER_WORDS: Readonly<Record<Exclude<Speaker, 'api'>, string>> = {
  proxy: 'a proxy',
  cdn: 'a CDN',
  portal: 'the login page of a network',
  gateway: 'a gateway or firewall',
  storage: 'a storage service',
  unknown: 'somebody else',
};

const CURES: Readonly<Record<Exclude<Speaker, 'api'>, string>> = {
  proxy: "Ask the administrator of the proxy to let the API's host through, or name that host in NO_PROXY.",
  cdn: "Answer the challenge in a browser on this network, or ask the API's support to let this address through.",
  portal: 'Log in to the network (open any page in a browser), then try again.',
  gateway:
    "Something in front of the API refuses: check the base URL and the network; if this persists, show the API's support what it says.",
  storage: 'Check the base URL: a storage service answers under it, not the API.',
  unknown:
    'Check the network, the proxy and the base URL, and the key if it stays: it is unknown what answered.',
};

/** The advice for a reply that did not come from the API. */
export function cureFor(speaker: Exclude<Speaker, 'api'>, status: number, isChallenged = false): string {
  if (speaker === 'cdn' && isChallenged) return CURES.cdn;
  if (speaker === 'proxy' && status === 407)
    // Not as a URL: its user and password would be redacted.
    return 'Put the user and password of the proxy into HTTPS_PROXY, between http:// and its host, as USER:PASSWORD@.';
  if (status === 413) return 'Send less: a server in front of the API accepts no request of this size.';
  // An error of that server, not a request to the user.
  if (status >= 500 && (speaker === 'cdn' || speaker === 'gateway' || speaker === 'proxy'))
    return 'Try again later: the server in front of the API cannot reach it.';
  return CURES[speaker];
}
