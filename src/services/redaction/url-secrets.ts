import { REDACTED, type Span } from './spans.js';

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;

function decodedOrSame(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Looks drawn at random: long, and letters among digits or capitals among small letters. */
const isDrawn = (piece: string, shortest: number): boolean =>
  piece.length >= shortest &&
  (/\d/.test(piece) ? /[a-z]/i.test(piece) : /[a-z]/.test(piece) && /[A-Z]/.test(piece));

const piecesOf = (segment: string): string[] => decodedOrSame(segment).split(/[^A-Za-z0-9]+/);

/** Whether a segment of any URL's path looks like a token. */
const isToken = (segment: string): boolean =>
  UUID.test(segment) || piecesOf(segment).some((piece) => isDrawn(piece, 16) || piece.length >= 24);

/** A file's name of plain words: whatever might open something is none. */
function isPlainName(segment: string): boolean {
  const name = decodedOrSame(segment);
  if (!/^[\w .()+-]{1,80}\.[a-z0-9]{1,8}$/i.test(name) || UUID.test(name)) return false;
  return piecesOf(segment).every(
    (piece) => piece.length <= 12 && !isDrawn(piece, 9) && !/^[A-Z]{8,}$/.test(piece),
  );
}

const segmentsOf = (url: URL): string[] => url.pathname.split('/').filter((segment) => segment !== '');

/** What may be told of the path of a storage URL: its last segment, where that is the plain name of a file. A token may stand anywhere else. */
export function storagePath(url: URL): string {
  const segments = segmentsOf(url);
  const last = segments.at(-1) ?? '';
  const name = isPlainName(last) ? last : '';
  if (segments.length === 0) return '/';
  return segments.length === 1 && name !== '' ? `/${name}` : `/…${name === '' ? '' : `/${name}`}`;
}

/** A storage URL as it may be told: its origin and, where that is plain, the name of its file. Text that is no URL is not told. */
export function redactUrl(url: string): string {
  if (!URL.canParse(url)) return REDACTED;
  const parsed = new URL(url);
  return parsed.origin === 'null' ? REDACTED : `${parsed.origin}${storagePath(parsed)}`;
}

const SHORTEST_SECRET = 8;

/** The parts of a storage URL that open what it leads to: in its query, its path and its user. */
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

/** Names under which the usual stores sign a URL, where only a piece of it is quoted. */
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

/** What in a text could open something behind a URL: queries and users of URLs, tokens in their paths, signatures by their names. */
export function findUrlSecrets(text: string): Span[] {
  if (!text.includes('=') && !text.includes('://')) return [];
  const urls = [...text.matchAll(URL_IN_TEXT)].flatMap(({ 0: url, index }) => spansOfUrl(url, index));
  const signed = [...text.matchAll(SIGNED)].map(({ 0: found, 1: name = '', index }) => ({
    from: index + name.length,
    to: index + found.length,
  }));
  return [...urls, ...signed];
}
