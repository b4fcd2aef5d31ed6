import type { Failure } from '../failure.js';
import { beginsAs, endingOf, endingOfType, type Family, familyOf } from './formats.js';
import { beginsAsZip, endsAsZip, type FileEnds, hasFirstEntry } from './zip-shape.js';

/** How many leading bytes are examined. */
export const HEAD_BYTES = 4096;

/** A downloaded result and what is known about its expected content. */
export interface Arrived extends FileEnds {
  /** The safe name under which it will be saved. */
  readonly name: string;
  /** Media type, lower case, without parameters. */
  readonly contentType?: string | undefined;
  /** True if only the media type suggested the extension of the name. */
  readonly isNamedByType?: boolean;
  /** Whether the transport proves that the last byte arrived. */
  readonly isDelimited: boolean;
}

/** The defect of a result. */
export interface ContentFault {
  /** A phrase that completes "the result …". */
  readonly words: string;
  readonly speaker: NonNullable<Failure['speaker']>;
  /** True if the content is certainly wrong; false if it only does not match the name. */
  readonly isCertain: boolean;
  /** The body contains a readable message (an error, a page) that is worth reporting. */
  readonly hasWords?: boolean;
}

function encodingOf([first, second]: Uint8Array): string {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
}

/** The first bytes as text, without white space before it. UTF-16 is recognised by its byte order mark; it may contain a page too. */
export const textOf = (head: Uint8Array): string =>
  new TextDecoder(encodingOf(head)).decode(head).trimStart();

/** Comments and declarations may precede the first tag. */
const bare = (text: string): string =>
  text.replace(/^(?:\s*(?:<!--[\s\S]*?-->|<\?[\s\S]*?\?>))+/, '').trimStart();

const isHtml = (text: string): boolean =>
  /^<(?:!doctype\s+html|html|head|body|title|meta|script|style|h[1-6]|div|center|p|br|table|iframe|form)\b/i.test(
    bare(text),
  );
const isXml = (text: string): boolean =>
  /^<\?xml\b/i.test(text) || /^<[a-z_][\w:.-]*[\s/>]/i.test(bare(text));
const isStoreError = (text: string): boolean => /^<(?:\w+:)?Error\b/.test(bare(text));
/** The first elements that stores put into their errors. If they match, even a markup or prose file is doubtful. */
const isTypicalStoreError = (text: string): boolean => /^<Error\b[^>]*>\s*<Code>/.test(bare(text));
/** The error shape of the API and of most gateways, under a success status. */
const isJsonError = (text: string): boolean =>
  /^\{\s*"(?:error|errors|message|code|status|statusCode|detail|title|type)"\s*:/.test(text);

const page = (what: string, speaker: ContentFault['speaker']): ContentFault => ({
  words: `is ${what}`,
  speaker,
  isCertain: true,
  hasWords: true,
});

const MARKUP_TYPES = new Set(['text/html', 'application/xhtml+xml', 'application/xml', 'text/xml']);

/** A page or an error document instead of the expected file. */
function strayText(family: Family, { contentType }: Arrived, text: string): ContentFault | undefined {
  const storeError = page("a store's error document (XML)", 'storage');
  const mayBeMarkup = family === 'markup' || (family === 'prose' && !MARKUP_TYPES.has(contentType ?? ''));
  // Errors of a store contain the request id, so two are never equal. If the same bytes come twice, they are the result.
  if (mayBeMarkup) return isTypicalStoreError(text) ? { ...storeError, isCertain: false } : undefined;
  if (isStoreError(text)) return storeError;
  if (isHtml(text)) return page('a web page (HTML)', 'portal');
  if (family !== 'unknown' && isXml(text)) return page('an XML document', 'unknown');
  if (family !== 'data' && family !== 'prose' && isJsonError(text))
    return page('an error message (JSON)', 'unknown');
  return undefined;
}

/**
 * A name without an extension says nothing about the content, and the media type comes from the sender: a page or an error may be
 * the result, or may replace it.
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
  // Certain if name and type agree, if the first entry is valid, or if nothing proves that the file is complete.
  const isCertain =
    !isDelimited || hasFirstEntry(head) || endingOfType(contentType) === ending || isTextType(contentType);
  return { words, speaker: 'storage', isCertain };
}

const isTextType = (type: string | undefined): boolean =>
  type !== undefined && /^text\/|[/+]json$/.test(type);

const ascii = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

/** Whether a file of unknown length is visibly truncated. */
const isCut = (ending: string, { tail, isDelimited }: Arrived): boolean => {
  if (isDelimited) return false;
  if (ending === 'pdf') return !ascii(tail.subarray(-1024)).includes('%%EOF');
  return ending === 'png' && !ascii(tail.subarray(-64)).includes('IEND');
};

/**
 * Whether a result matches its name or, without an extension, its media type. Undefined if nothing contradicts it. A `.zip` must
 * begin and end as one; only a file named as markup may be a page (law 8, never mistaken).
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
