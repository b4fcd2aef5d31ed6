/** The bytes that a file of a format has at an offset. */
interface Magic {
  readonly at?: number;
  readonly bytes: readonly number[];
}

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const begins = (text: string, at = 0): Magic => ({ at, bytes: ascii(text) });

const MAGIC: Readonly<Record<string, readonly Magic[]>> = {
  pdf: [begins('%PDF-')],
  png: [{ bytes: [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a] }],
  jpg: [{ bytes: [0xff, 0xd8, 0xff] }],
  gif: [begins('GIF8')],
  webp: [begins('WEBP', 8)],
  tif: [begins('II*\0'), begins('MM\0*')],
  gz: [{ bytes: [0x1f, 0x8b] }],
  bz2: [begins('BZh')],
  xz: [{ bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a] }],
  '7z': [{ bytes: [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c] }],
  rar: [begins('Rar!')],
  rtf: [begins('{\\rtf')],
  wav: [begins('WAVE', 8)],
  ole: [{ bytes: [0xd0, 0xcf, 0x11, 0xe0] }],
};

const ALSO: Readonly<Record<string, string>> = {
  jpeg: 'jpg',
  tiff: 'tif',
  tgz: 'gz',
  doc: 'ole',
  xls: 'ole',
  ppt: 'ole',
  msg: 'ole',
};

/** Formats based on ZIP. */
const ZIPS = new Set(
  'zip docx xlsx pptx docm xlsm pptm dotx xltx potx vsdx odt ods odp odg epub jar kmz xpi whl cbz'.split(' '),
);
/** Markup formats. */
const MARKUP = new Set(
  'html htm xhtml shtml mhtml mht xml svg xsl xslt xsd rss atom kml gpx plist tei dtd opml musicxml drawio xlf xliff tmx resx fodt fods'.split(
    ' ',
  ),
);
/** Text formats that may begin with markup. */
const PROSE = new Set('txt text md markdown log tex rst adoc php vue svelte'.split(' '));
/** Text formats that never begin with a tag. */
const DATA = new Set('csv tsv json jsonl ndjson yaml yml srt vtt ics vcf bib sql'.split(' '));

/** What the extension of a name says about the content. */
export type Family = 'zip' | 'magic' | 'markup' | 'prose' | 'data' | 'unknown';

/** The family of an extension (lower case, without the dot). */
export function familyOf(ending: string): Family {
  if (ZIPS.has(ending)) return 'zip';
  if (MARKUP.has(ending)) return 'markup';
  if (PROSE.has(ending)) return 'prose';
  if (DATA.has(ending)) return 'data';
  return Object.hasOwn(MAGIC, ALSO[ending] ?? ending) ? 'magic' : 'unknown';
}

const fits = (head: Uint8Array, { at = 0, bytes }: Magic): boolean =>
  bytes.every((byte, index) => head[at + index] === byte);

/** Whether a file with this extension may begin like this; true for an unknown extension. */
export function beginsAs(ending: string, head: Uint8Array): boolean {
  const magic = MAGIC[ALSO[ending] ?? ending];
  if (magic === undefined) return true;
  // PDF readers accept the header anywhere in the first kilobyte.
  if (ending === 'pdf') {
    const offsets = Array.from({ length: Math.min(head.byteLength, 1024) }, (_, at) => at);
    return offsets.some((at) => magic.some((one) => fits(head, { ...one, at })));
  }
  return magic.some((one) => fits(head, one));
}

const TYPES: Readonly<Record<string, string>> = {
  'application/zip': 'zip',
  'application/x-zip-compressed': 'zip',
  'application/pdf': 'pdf',
  'application/json': 'json',
  'application/rtf': 'rtf',
  'application/gzip': 'gz',
  'application/x-gzip': 'gz',
  'application/epub+zip': 'epub',
  'application/msword': 'doc',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.ms-powerpoint': 'ppt',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'text/plain': 'txt',
  'text/markdown': 'md',
  'text/csv': 'csv',
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/tiff': 'tif',
  'image/svg+xml': 'svg',
};

/** The extension for a media type. None for HTML and XML: otherwise a login page or a store's error would name itself. */
export const endingOfType = (type: string | undefined): string | undefined =>
  type !== undefined && Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;

/** The extension of a file name, lower case and without the dot; empty if there is none. */
export const endingOf = (name: string): string =>
  /[^.]\.([a-z0-9]{1,12})$/i.exec(name)?.[1]?.toLowerCase() ?? '';
