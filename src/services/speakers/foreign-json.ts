type Fields = Readonly<Record<string, unknown>>;

/** JSON is not yet the API's word: CDNs, bot protection and gateways answer in JSON too, if that was asked for. */
export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const has = (json: Fields, ...names: readonly string[]): boolean =>
  names.every((name) => Object.hasOwn(json, name));

const textIn = (json: Fields, name: string): string => {
  const value = Object.hasOwn(json, name) ? json[name] : undefined;
  return typeof value === 'string' ? value : '';
};

/** A block or a challenge of a CDN or of a bot protection, by the fields that only they use. */
export const isCdnJson = (json: unknown): boolean =>
  isFields(json) &&
  (json.cloudflare_error === true ||
    has(json, 'ray_id', 'error_code') ||
    textIn(json, 'type').includes('developers.cloudflare.com') ||
    textIn(json, 'url').includes('captcha-delivery.com') ||
    has(json, 'blockScript', 'appId') ||
    has(json, 'sec-cp-challenge') ||
    has(json, 'incidentId', 'errorCode'));

/** The fields of a gateway's message: nothing but the message and the name of the request. */
const OF_A_MESSAGE = /^(message|request[-_]?id)$/i;

/** What gateways and firewalls say of a request that they do not pass on. None of it is about a key or a job. */
const GATEWAY_PHRASE =
  /^(forbidden|access (denied|forbidden)|(your )?(request|access) (was |has been |is )?(blocked|rejected)\b.*|blocked( by .*)?|missing authentication token|no route matched with those values|(your )?ip address( is)? not allowed\b.*)[.!]?$/i;

/** A key may be missing in a 401; a 429 names a limit. Both are believed with as little as a message. */
const SAY_MORE: ReadonlySet<number> = new Set([401, 429]);

/**
 * A refusal of a gateway or firewall as JSON: `{"message":"Forbidden"}`. The API names its error too ("Error Handling"), and its
 * limits ("Rate Limits").
 */
export const isGatewayJson = (status: number, json: unknown): boolean =>
  isFields(json) &&
  !SAY_MORE.has(status) &&
  Object.keys(json).every((name) => OF_A_MESSAGE.test(name)) &&
  GATEWAY_PHRASE.test((textIn(json, 'message') || textIn(json, 'Message')).trim());
