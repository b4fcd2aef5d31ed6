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

/** Escapes of JSON, JavaScript, URLs and HTML; and what is not seen, between the characters of which a secret is still one. */
const ESCAPE =
  /\\u\{([0-9a-f]{1,6})\}|(?:\\u|%u)([0-9a-f]{4})|(?:\\x|%)([0-9a-f]{2})|&#x([0-9a-f]{1,6});?|&#(\d{1,7});?|&([a-z]{2,8});|\\([^\sA-Za-z0-9])|[\p{Cf}\p{Cs}]|(?![\t\n\r])\p{Cc}/giu;
const MAY_BE_WRITTEN_OTHERWISE = /[\\%&]|[\p{Cf}\p{Cs}]|(?![\t\n\r])\p{Cc}/u;
const LINE_ENDS = /[\t\n\r]+/g;

const LAST_CODE_POINT = 0x10ffff;

function fromCode(code: number): string {
  return code <= LAST_CODE_POINT ? String.fromCodePoint(code) : '';
}

/** Undefined: it means nothing, and stands for itself. */
function meaningOf(match: RegExpMatchArray): string | undefined {
  const [, braced, four, two, hex, decimal, entity, escaped] = match;
  const code = braced ?? four ?? two ?? hex;
  if (code !== undefined) return fromCode(Number.parseInt(code, 16));
  if (decimal !== undefined) return fromCode(Number(decimal));
  if (entity !== undefined) return ENTITIES[entity.toLowerCase()];
  return escaped ?? '';
}

function rewritten(text: string, pattern: RegExp, meaning: typeof meaningOf) {
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

/** Encoded more often than this, and nothing decodes it by accident. */
const MOST_LAYERS = 6;

/** The text as it came, and with its spellings undone once, twice and so on, until nothing is left to undo. */
export function decodedLayers(text: string): Layer[] {
  let layer: Layer = { text, origin: (span) => span, isJoined: false };
  const layers = [layer];
  while (layers.length < MOST_LAYERS && MAY_BE_WRITTEN_OTHERWISE.test(layer.text)) {
    const next = rewritten(layer.text, ESCAPE, meaningOf);
    if (next.edits.length === 0) break;
    layer = layerAbove(layer, next, false);
    layers.push(layer);
  }
  const joined = rewritten(layer.text, LINE_ENDS, () => '');
  if (joined.edits.length > 0) layers.push(layerAbove(layer, joined, true));
  return layers;
}

/** A secret, and what is left of it where its own characters are taken for escapes. */
export const readingsOf = (secret: string): string[] => [
  ...new Set(decodedLayers(secret).map((layer) => layer.text)),
];
