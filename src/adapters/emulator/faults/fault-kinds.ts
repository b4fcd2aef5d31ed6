/** Names and values used by faults, for those who script faults and for the code that applies them. */

/**
 * What answers instead of the API or storage; none of them knows about jobs:
 * - `cdn-challenge`: 403 with `cf-mitigated`, and a page that only a browser can pass.
 * - `waf`: 403 and the page of a web application firewall.
 * - `proxy-login`: 407 with `Proxy-Authenticate`.
 * - `proxy-refusal`: 403 of a proxy that blocks this address.
 * - `proxy-trouble`: 502 of a proxy that cannot reach the server.
 * - `portal-redirect`: 302 to the login page of a captive portal, which the emulator serves on its other origin.
 * - `portal-page`: that page directly, with 200.
 * - `portal-511`: 511 Network Authentication Required (RFC 6585).
 * - `gateway-login`: 401 of an identity gateway, with another scheme than Bearer and a page.
 */
export type OtherSpeaker =
  | 'cdn-challenge'
  | 'waf'
  | 'proxy-login'
  | 'proxy-refusal'
  | 'proxy-trouble'
  | 'portal-redirect'
  | 'portal-page'
  | 'portal-511'
  | 'gateway-login';

/**
 * What storage sends with 200 instead of a result: a login page, its own error document, nothing, an error in the API's shape, or
 * the first half with a matching length.
 */
export type WrongResult = 'login-page' | 'storage-error' | 'empty' | 'api-error' | 'half';

/**
 * The body of a reply from a fault. `json` is the API's error shape; `html`, `text`, `xml` and `empty` are what other servers
 * send; the rest is JSON that is difficult to parse. Any other text is given with its type.
 */
export type ErrorBody =
  | 'html'
  | 'json'
  | 'text'
  | 'xml'
  | 'empty'
  /** Fields named like members of `Object.prototype`, objects where text is expected. */
  | 'odd-json'
  /** 20,000 objects inside one another. */
  | 'deep-json'
  /** Lone surrogates in every text. */
  | 'lone-surrogates'
  /** `errors` with 50,000 fields. */
  | 'many-fields'
  /** Numbers and dates out of any range. */
  | 'out-of-range'
  | 'null'
  | 'list'
  | { readonly type: string; readonly text: string };

/**
 * A `Retry-After` header. `seconds` and `date` are the two forms of RFC 9110 (10.2.3), `rfc850` and `asctime` its obsolete dates
 * (5.6.7); the others are invalid but occur in practice.
 */
export interface RetryAfter {
  readonly form:
    | 'seconds'
    | 'date'
    | 'rfc850'
    | 'asctime'
    | 'fraction'
    | 'iso'
    | 'negative'
    | 'overflow'
    | 'words'
    | 'empty';
  readonly inMs: number;
}
