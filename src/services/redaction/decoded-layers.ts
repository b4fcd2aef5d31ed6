import type { Span } from './spans.js';

/** A stretch of decoded text that was written otherwise before. */
interface Edit {
  /** Where it stands in the decoded text, and how long it is there. */
  readonly at: number;
  readonly length: number;
  /** Where it stood before. */
  readonly from: number;
  readonly to: number;
}

/** A text with its spellings undone so many times. */
export interface Layer {
  readonly text: string;
  /** Where a stretch of it stands in the text as it came. */
  readonly origin: (span: Span) => Span;
  /** Lines are joined: what is bounded by a line's end is not bounded here. */
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

/** Of JSON and JavaScript. */
const CODES = /\\u\{([0-9a-f]{1,6})\}|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})/gi;
const ESCAPES = /\\u\{([0-9a-f]{1,6})\}|\\u([0-9a-f]{4})|\\x([0-9a-f]{2})|\\([^\sA-Za-z0-9])/gi;
/** Of URLs; of old scripts, too. */
const PERCENT = /%([0-9a-f]{2})|%u([0-9a-f]{4})/gi;
/** Of HTML and XML. */
const REFERENCES = /&#x([0-9a-f]{1,6});?|&#(\d{1,7});?|&([a-z]{2,8});/gi;
/** What is not seen: a secret that is interrupted by it is still one. */
const UNSEEN = /[\p{Cf}\p{Cs}]|(?![\t\n\r])\p{Cc}/gu;
const LINE_ENDS = /[\t\n\r]+/g;

const LAST_CODE_POINT = 0x10ffff;

function fromCode(code: number): string {
  return code <= LAST_CODE_POINT ? String.fromCodePoint(code) : '';
}

const hex = (digits: string | undefined): string => fromCode(Number.parseInt(digits ?? '', 16));

/** Undefined: it means nothing, and stands for itself. */
type Meaning = (match: RegExpMatchArray) => string | undefined;

/** One way of spelling: what hints at it, what is spelled, and what that means. */
interface Spelling {
  readonly hint: RegExp;
  readonly pattern: RegExp;
  readonly meaning: Meaning;
  readonly joinsLines?: boolean;
}

/** Each by itself: characters before a secret are not part of an escape with its beginning. */
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

/** The last edit that begins at or before a place. */
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

/** Spelled in more ways at once than this, and nobody reads it by accident. */
const MOST_LAYERS = 40;
/** Of a text so long that each layer takes its time. */
const MOST_LARGE_LAYERS = 8;
const LARGE = 1_000_000;

/** The text as it came, and with its spellings undone, one by one and one after the other, until nothing is left to undo. */
export function decodedLayers(text: string): Layer[] {
  const layers: Layer[] = [{ text, origin: (span) => span, isJoined: false }];
  const seen = new Set([text]);
  const most = text.length > LARGE ? MOST_LARGE_LAYERS : MOST_LAYERS;
  // What is pushed while it runs is come to as well.
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

/** A secret, and what is left of it where its own characters are taken for escapes. */
export const readingsOf = (secret: string): string[] => [
  ...new Set(decodedLayers(secret).map((layer) => layer.text)),
];
