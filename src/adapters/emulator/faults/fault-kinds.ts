/** What a fault can do, by name: for those who script faults, and those who carry them out. */

/**
 * Who answers in the place of the API or of storage, none of whom knows of jobs:
 * - `cdn-challenge`: 403 with `cf-mitigated`, and a page that only a browser can pass.
 * - `waf`: 403 and the page of a web application firewall.
 * - `proxy-login`: 407 with `Proxy-Authenticate`.
 * - `proxy-refusal`: 403 of a proxy that does not let this address through.
 * - `proxy-trouble`: 502 of a proxy that does not reach the server.
 * - `portal-redirect`: 302 to the login page of a captive portal, which the emulator serves on its other origin.
 * - `portal-page`: that page at once, with 200.
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
 * What storage answers with 200 in the place of a result: a login page, its own error document, nothing, an error of the API's shape, or
 * the first half under a length that agrees with it.
 */
export type WrongResult = 'login-page' | 'storage-error' | 'empty' | 'api-error' | 'half';

/**
 * The body of a reply that a fault makes up. `json` is the API's error shape; `html`, `text`, `xml` and `empty` are what others send; the
 * rest is JSON that a reader of errors may stumble over. Any other text is given with its type.
 */
export type ErrorBody =
  | 'html'
  | 'json'
  | 'text'
  | 'xml'
  | 'empty'
  /** Fields named like members of `Object.prototype`, objects where words belong. */
  | 'odd-json'
  /** 20,000 objects inside one another. */
  | 'deep-json'
  /** Halves of characters in every word. */
  | 'lone-surrogates'
  /** `errors` with 50,000 fields. */
  | 'many-fields'
  /** Numbers and dates that no machine can hold. */
  | 'out-of-range'
  | 'null'
  | 'list'
  | { readonly type: string; readonly text: string };

/**
 * A `Retry-After` header. `seconds` and `date` are the two forms of RFC 9110 (10.2.3), `rfc850` and `asctime` its obsolete dates
 * (5.6.7); the others are what servers send nonetheless.
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
