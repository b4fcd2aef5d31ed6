import { REDACTED, type Span } from './spans.js';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

function decodedOrSame(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Whether a text looks random: long, with letters and digits, or with upper and lower case. */
const isDrawn = (piece: string, shortest: number): boolean =>
  piece.length >= shortest &&
  (/\d/.test(piece) ? /[a-z]/i.test(piece) : /[a-z]/.test(piece) && /[A-Z]/.test(piece));

const piecesOf = (segment: string): string[] => decodedOrSame(segment).split(/[^A-Za-z0-9]+/);

/** Whether a path segment of a URL looks like a token. */
const isToken = (segment: string): boolean =>
  UUID.test(segment) || piecesOf(segment).some((piece) => isDrawn(piece, 16) || piece.length >= 24);

/** A file name of plain words, which cannot be a token. */
function isPlainName(segment: string): boolean {
  const name = decodedOrSame(segment);
  if (!/^[\w .()+-]{1,80}\.[a-z0-9]{1,8}$/i.test(name) || UUID.test(name)) return false;
  return piecesOf(segment).every(
    (piece) => piece.length <= 12 && !isDrawn(piece, 9) && !/^[A-Z]{8,}$/.test(piece),
  );
}

const segmentsOf = (url: URL): string[] => url.pathname.split('/').filter((segment) => segment !== '');

/**
 * The part of a storage URL's path that may be shown: its last segment if it is a plain file name. Any other segment may be a
 * token.
 */
export function storagePath(url: URL): string {
  const segments = segmentsOf(url);
  const last = segments.at(-1) ?? '';
  const name = isPlainName(last) ? last : '';
  if (segments.length === 0) return '/';
  return segments.length === 1 && name !== '' ? `/${name}` : `/…${name === '' ? '' : `/${name}`}`;
}

/** A storage URL as it may be shown: its origin and, if plain, its file name. Text that is not a URL is hidden. */
export function redactUrl(url: string): string {
  if (!URL.canParse(url)) return REDACTED;
  const parsed = new URL(url);
  return parsed.origin === 'null' ? REDACTED : `${parsed.origin}${storagePath(parsed)}`;
}

const SHORTEST_SECRET = 8;

/** The secret parts of a storage URL: in its query, path and user. */
export function secretsOfUrl(text: string): string[] {
  if (!URL.canParse(text)) return [];
  const url = new URL(text);
  const plain = isPlainName(segmentsOf(url).at(-1) ?? '') ? segmentsOf(url).at(-1) : undefined;
  const parts = [
    ...url.searchParams.values(),
    ...segmentsOf(url).filter(
      (segment) => segment !== plain && !url.hostname.includes(segment.toLowerCase()),
    ),
    url.username,
    url.password,
    url.hash.slice(1),
  ];
  return parts
    .flatMap((part) => [part, decodedOrSame(part)])
    .filter((part) => part.length >= SHORTEST_SECRET);
}

const URL_IN_TEXT = /https?:\/\/[^\s"'<>\\]+/gi;
const USER = /^https?:\/\/([^/?#@]*)@/i;

/** Parameter names that common stores use to sign URLs, for texts that quote only a part of a URL. */
const SIGNED =
  /\b((?:X-(?:Amz|Goog)-[A-Za-z-]+|AWSAccessKeyId|GoogleAccessId|Key-Pair-Id|Policy|Signature|sig|[\w-]*token|api[_-]?key|password)=)[^\s"'<>&]+/gi;

function spansOfUrl(url: string, at: number): Span[] {
  const end = at + url.length;
  const tail = url.search(/[?#]/);
  const spans: Span[] = tail < 0 ? [] : [{ from: at + tail + 1, to: end }];
  const user = USER.exec(url)?.[1];
  const host = url.indexOf('//') + 2;
  if (user !== undefined) spans.push({ from: at + host, to: at + host + user.length });
  const path = url.indexOf('/', host);
  if (path < 0) return spans;
  const [stop, segments] = [tail < 0 ? url.length : tail, /[^/]+/g];
  for (const { 0: segment, index } of url.slice(path, stop).matchAll(segments)) {
    if (isToken(segment)) spans.push({ from: at + path + index, to: at + path + index + segment.length });
  }
  return spans;
}

/** Finds the secret parts of URLs in a text: queries and users, tokens in paths, signatures by parameter name. */
export function findUrlSecrets(text: string): Span[] {
  if (!text.includes('=') && !text.includes('://')) return [];
  const urls = [...text.matchAll(URL_IN_TEXT)].flatMap(({ 0: url, index }) => spansOfUrl(url, index));
  const signed = [...text.matchAll(SIGNED)].map(({ 0: found, 1: name = '', index }) => ({
    from: index + name.length,
    to: index + found.length,
  }));
  return [...urls, ...signed];
}
