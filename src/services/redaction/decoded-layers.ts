import type { Span } from './spans.js';

/** A part of a decoded text that was spelled differently before decoding. */
interface Edit {
  /** Position and length in the decoded text. */
  readonly at: number;
  readonly length: number;
  /** Position before decoding. */
  readonly from: number;
  readonly to: number;
}

/** A text after a number of decoding steps. */
export interface Layer {
  readonly text: string;
  /** Maps a span of this text to the original text. */
  readonly origin: (span: Span) => Span;
  /** Line ends were removed: a pattern that ends at a line end does not apply here. */
  readonly isJoined: boolean;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  sol: '/',
  bsol: '\\',
  plus: '+',
  equals: '=',
  lowbar: '_',
  hyphen: '-',
  dash: '-',
  period: '.',
  colon: ':',
  semi: ';',
  excl: '!',
  num: '#',
  dollar: '$',
  percnt: '%',
  lpar: '(',
  rpar: ')',
  ast: '*',
  midast: '*',
  comma: ',',
  quest: '?',
  commat: '@',
  lsqb: '[',
  lbrack: '[',
  rsqb: ']',
  rbrack: ']',
  hat: '^',
  grave: '`',
  lcub: '{',
  lbrace: '{',
  verbar: '|',
  vert: '|',
  rcub: '}',
  rbrace: '}',
};

/** Escapes of JSON and JavaScript. */
const CODES = /\\u\{([0-9a-f]{1,6})\}|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})/gi;
const ESCAPES = /\\u\{([0-9a-f]{1,6})\}|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|\\([^\sA-Za-z0-9])/gi;
/** Escapes of URLs, including an obsolete form. */
const PERCENT = /%([0-9a-f]{2})|%u([0-9a-f]{4})/gi;
/** References of HTML and XML. */
const REFERENCES = /&#x([0-9a-f]{1,6});?|&#(\d{1,7});?|&([a-z]{2,8});/gi;
/** Invisible characters: a secret that contains them is still a secret. */
const UNSEEN = /[\p{Cf}\p{Cs}]|(?![\t\n\r])\p{Cc}/gu;
const LINE_ENDS = /[\t\n\r]+/g;

const LAST_CODE_POINT = 0x10ffff;

function fromCode(code: number): string {
  return code <= LAST_CODE_POINT ? String.fromCodePoint(code) : '';
}

const hex = (digits: string | undefined): string => fromCode(Number.parseInt(digits ?? '', 16));

/** Undefined: it has no meaning and stays as it is. */
type Meaning = (match: RegExpMatchArray) => string | undefined;

/** One kind of escape: a quick hint, the pattern, and its meaning. */
interface Spelling {
  readonly hint: RegExp;
  readonly pattern: RegExp;
  readonly meaning: Meaning;
  readonly joinsLines?: boolean;
}

/** Applied separately, because characters before a secret must not combine with its beginning into an escape. */
const SPELLINGS: readonly Spelling[] = [
  {
    hint: /\\/,
    pattern: ESCAPES,
    meaning: ([, braced, four, two, itself]) => itself ?? hex(braced ?? four ?? two),
  },
  { hint: /\\[ux]/i, pattern: CODES, meaning: ([, braced, four, two]) => hex(braced ?? four ?? two) },
  { hint: /%/, pattern: PERCENT, meaning: ([, two, four]) => hex(two ?? four) },
  {
    hint: /&/,
    pattern: REFERENCES,
    meaning: ([, digits, decimal, name]) =>
      name === undefined
        ? decimal === undefined
          ? hex(digits)
          : fromCode(Number(decimal))
        : ENTITIES[name.toLowerCase()],
  },
  { hint: /[^\t\n\r -~\u00a0-\u00ac\u00ae-\u024f]/, pattern: UNSEEN, meaning: () => '' },
  { hint: /[\t\n\r]/, pattern: LINE_ENDS, meaning: () => '', joinsLines: true },
];

/** What any of the hints matches: most texts have nothing to decode, and are looked at once. */
const ANY_HINT = /[\\%&]|[^ -~\u00a0-\u00ac\u00ae-\u024f]/;

function rewritten(text: string, { pattern, meaning }: Spelling) {
  const edits: Edit[] = [];
  let result = '';
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    const meant = meaning(match);
    if (meant === undefined) continue;
    result += text.slice(at, match.index);
    at = match.index + match[0].length;
    edits.push({ at: result.length, length: meant.length, from: match.index, to: at });
    result += meant;
  }
  return { text: result + text.slice(at), edits };
}

/** The last edit that starts at or before a position. */
function editBefore(edits: readonly Edit[], place: number): Edit | undefined {
  let [low, high] = [0, edits.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edits[middle]?.at ?? 0) <= place) low = middle + 1;
    else high = middle;
  }
  return edits[low - 1];
}

function startOf(edits: readonly Edit[], place: number): number {
  const edit = editBefore(edits, place);
  if (edit === undefined) return place;
  const beyond = place - edit.at - edit.length;
  return beyond < 0 ? edit.from : edit.to + beyond;
}

function endOf(edits: readonly Edit[], last: number): number {
  const edit = editBefore(edits, last);
  if (edit === undefined) return last + 1;
  const beyond = last - edit.at - edit.length;
  return beyond < 0 ? edit.to : edit.to + beyond + 1;
}

function layerAbove(below: Layer, { text, edits }: ReturnType<typeof rewritten>, isJoined: boolean): Layer {
  return {
    text,
    isJoined,
    origin: ({ from, to }) => below.origin({ from: startOf(edits, from), to: endOf(edits, to - 1) }),
  };
}

/** More nested escapes than this do not occur by accident. */
const MOST_LAYERS = 40;
/** Limit for long texts, where each layer takes noticeable time. */
const MOST_LARGE_LAYERS = 8;
const LARGE = 1_000_000;

/** The text as it is and with its escapes decoded, in every order, until nothing is left to decode. */
export function decodedLayers(text: string): Layer[] {
  const layers: Layer[] = [{ text, origin: (span) => span, isJoined: false }];
  if (!ANY_HINT.test(text)) return layers;
  const seen = new Set([text]);
  const most = text.length > LARGE ? MOST_LARGE_LAYERS : MOST_LAYERS;
  // The loop also visits layers that are added while it runs.
  for (const layer of layers) {
    for (const spelling of SPELLINGS) {
      if (layers.length >= most) return layers;
      if (!spelling.hint.test(layer.text)) continue;
      const next = rewritten(layer.text, spelling);
      if (next.edits.length === 0 || seen.has(next.text)) continue;
      seen.add(next.text);
      layers.push(layerAbove(layer, next, layer.isJoined || spelling.joinsLines === true));
    }
  }
  return layers;
}

/** A secret, and its variants if its own characters are decoded as escapes. */
export const readingsOf = (secret: string): string[] => [
  ...new Set(decodedLayers(secret).map((layer) => layer.text)),
];
