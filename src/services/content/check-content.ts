import type { Failure } from '../failure.js';
import { beginsAs, endingOf, endingOfType, type Family, familyOf } from './formats.js';
import { beginsAsZip, endsAsZip, type FileEnds, hasFirstEntry } from './zip-shape.js';

/** So many first bytes are enough to be looked at. */
export const HEAD_BYTES = 4096;

/** A result that has arrived, and what was promised of it. */
export interface Arrived extends FileEnds {
  /** The safe name under which it will be saved. */
  readonly name: string;
  /** Media type, lower case, without parameters. */
  readonly contentType?: string | undefined;
  /** The ending of the name is that of the media type: nobody else promised it. */
  readonly isNamedByType?: boolean;
  /** Whether the transport proves that the last byte came. */
  readonly isDelimited: boolean;
}

/** What is wrong with a result. */
export interface ContentFault {
  /** In words, to follow "the result". */
  readonly words: string;
  readonly speaker: NonNullable<Failure['speaker']>;
  /** True where it certainly is not what was promised; false where only a name speaks against it. */
  readonly isCertain: boolean;
  /** The body speaks for itself (an error, a page): its words are worth telling. */
  readonly hasWords?: boolean;
}

const startOf = (head: Uint8Array): string =>
  new TextDecoder()
    .decode(head)
    .replace(/^\ufeff/, '')
    .trimStart();

/** Byte order marks say of UTF-16 text what it is; a page in it is a page too. */
function textOf(head: Uint8Array): string {
  const [first, second] = head;
  const wide =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : '';
  return wide === ''
    ? startOf(head)
    : new TextDecoder(wide)
        .decode(head)
        .replace(/^\ufeff/, '')
        .trimStart();
}

/** Comments and declarations may stand before the first tag. */
const bare = (text: string): string =>
  text.replace(/^(?:\s*(?:<!--[\s\S]*?-->|<\?[\s\S]*?\?>))+/, '').trimStart();

const isHtml = (text: string): boolean =>
  /^<(?:!doctype\s+html|html|head|body|title|meta|script|style|h[1-6]|div|center|p|br|table|iframe|form)\b/i.test(
    bare(text),
  );
const isXml = (text: string): boolean =>
  /^<\?xml\b/i.test(text) || /^<[a-z_][\w:.-]*[\s/>]/i.test(bare(text));
const isStoreError = (text: string): boolean => /^<(?:\w+:)?Error\b/.test(bare(text));
/** With what stores put first into one: that makes markup or prose doubtful, too. */
const isTypicalStoreError = (text: string): boolean => /^<Error\b[^>]*>\s*<Code>/.test(bare(text));
/** The API's own error shape, and that of most gateways, under a status that says success. */
const isJsonError = (text: string): boolean =>
  /^\{\s*"(?:error|errors|message|code|status|statusCode|detail|title|type)"\s*:/.test(text);

const page = (what: string, speaker: ContentFault['speaker']): ContentFault => ({
  words: `is ${what}`,
  speaker,
  isCertain: true,
  hasWords: true,
});

const MARKUP_TYPES = new Set(['text/html', 'application/xhtml+xml', 'application/xml', 'text/xml']);

/** A page or an error document where a file was promised. */
function strayText(family: Family, { contentType }: Arrived, text: string): ContentFault | undefined {
  const storeError = page("a store's error document (XML)", 'storage');
  const mayBeMarkup = family === 'markup' || (family === 'prose' && !MARKUP_TYPES.has(contentType ?? ''));
  // A store's errors name the request, so that no two are alike: what comes twice is the result.
  if (mayBeMarkup) return isTypicalStoreError(text) ? { ...storeError, isCertain: false } : undefined;
  if (isStoreError(text)) return storeError;
  if (isHtml(text)) return page('a web page (HTML)', 'portal');
  if (family !== 'unknown' && isXml(text)) return page('an XML document', 'unknown');
  if (family !== 'data' && family !== 'prose' && isJsonError(text))
    return page('an error message (JSON)', 'unknown');
  return undefined;
}

/**
 * A name without an ending of its own promises nothing, and the media type beside the bytes comes from their sender: a page or an error that says what
 * it is may be the result, and may stand in its place.
 */
function doubtfulText(arrived: Arrived, text: string): ContentFault | undefined {
  if (endingOf(arrived.name) !== '' && arrived.isNamedByType !== true) return undefined;
  const stray = strayText('unknown', arrived, text);
  return stray && { ...stray, isCertain: false };
}

const certain = (words: string): ContentFault => ({ words, speaker: 'storage', isCertain: true });

function zipFault(arrived: Arrived, ending: string): ContentFault | undefined {
  const { head, contentType, isDelimited } = arrived;
  const begins = beginsAsZip(head);
  if (begins && endsAsZip(arrived)) return undefined;
  const words = begins ? 'breaks off: it begins as a ZIP and has no end of one' : 'does not begin as a ZIP';
  // Name and type, or name and first entry, or nothing that says that it is whole: there is no doubt.
  const isCertain =
    !isDelimited || hasFirstEntry(head) || endingOfType(contentType) === ending || isTextType(contentType);
  return { words, speaker: 'storage', isCertain };
}

const isTextType = (type: string | undefined): boolean => type?.startsWith('text/') ?? false;

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Whether a file that nothing delimits shows by itself that it is cut. */
const isCut = (ending: string, { tail, isDelimited }: Arrived): boolean => {
  if (isDelimited) return false;
  if (ending === 'pdf') return !ascii(tail.subarray(-1024)).includes('%%EOF');
  return ending === 'png' && !ascii(tail.subarray(-64)).includes('IEND');
};

/**
 * Whether a result is what was promised by its name, or, where that has no ending, by its media type: undefined where nothing
 * speaks against it. What is named `.zip` begins and ends as one; nothing is a page but what is named so (law 8).
 */
export function contentFault(arrived: Arrived): ContentFault | undefined {
  const { name, head, bytes, contentType, isDelimited } = arrived;
  const ending = endingOf(name) || endingOfType(contentType) || '';
  const family = familyOf(ending);
  const isText = family === 'markup' || family === 'prose' || family === 'data';
  if (bytes === 0) return isText && isDelimited ? undefined : certain('is empty (0 bytes)');
  const stray = strayText(family, arrived, textOf(head)) ?? doubtfulText(arrived, textOf(head));
  if (stray !== undefined) return stray;
  if (family === 'zip') return zipFault(arrived, ending);
  if (isCut(ending, arrived)) return certain(`breaks off: it does not end as .${ending} does`);
  if (beginsAs(ending, head)) return undefined;
  return { words: `does not begin as .${ending} does`, speaker: 'storage', isCertain: !isDelimited };
}
