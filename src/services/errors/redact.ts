/** Where a logger must never show what stands there; for pino's `redact`. */
export const redactionPaths = [
  'apiKey',
  '*.apiKey',
  'authorization',
  'Authorization',
  '*.authorization',
  '*.Authorization',
  'headers.authorization',
  'headers.Authorization',
  '*.headers.authorization',
  '*.headers.Authorization',
  'url',
  '*.url',
  '*.*.url',
];

export const REDACTED = '[redacted]';

/** A URL without its query and its user: a pre-signed URL's secret is in there. Text that is no URL is cut at the first `?`. */
export function redactUrl(url: string): string {
  try {
    const { origin, pathname } = new URL(url);
    return `${origin}${pathname}`;
  } catch {
    return url.split('?')[0] ?? '';
  }
}

const QUERY = /(https?:\/\/[^\s"'<>?]+)\?[^\s"'<>]*/gi;
/** Names under which the usual stores sign a URL, where only a piece of it is quoted. */
const SIGNED = /\b((?:X-(?:Amz|Goog)-[A-Za-z-]+|AWSAccessKeyId|Signature|sig|token)=)[^\s"'<>&]+/gi;

/** Text in which the queries of URLs, and every given secret, are blotted out. */
export function redactSecrets(text: string, secrets: readonly string[]): string {
  const bare = text.replace(QUERY, `$1?${REDACTED}`).replace(SIGNED, `$1${REDACTED}`);
  return secrets
    .filter((secret) => secret.length > 0)
    .flatMap((secret) => [secret, encodeURIComponent(secret)])
    .reduce((result, secret) => result.split(secret).join(REDACTED), bare);
}

/** Shorter ones could be a word of the reply's own. */
const SHORTEST_KEY = 8;

/** A reply that echoes the key must not carry it into errors, previews or snapshots. */
export const blotSecret = (text: string, secret: string): string =>
  secret.length < SHORTEST_KEY ? text : text.split(secret).join(REDACTED);
