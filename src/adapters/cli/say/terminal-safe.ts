/** C0, DEL and C1: characters that a terminal interprets. Tab and newline are handled by the callers. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are exactly what must not reach a terminal.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Characters that change the reading direction (bidi overrides, isolates and marks), or are invisible (zero width, tags). */
const UNSEEN =
  /[\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** A joiner between letters of another script or between emoji is part of the word; anywhere else it only hides text. */
const STRAY_JOINER = /(?<![\u0080-\uffff])[\u200c\u200d]|[\u200c\u200d](?![\u0080-\uffff])/g;

const LONGEST_LINE = 2_000;
/** Visible ASCII of limited length, which is safe as it is. */
const PLAIN = /^[ -~]{0,2000}$/;
const MOST_LINES = 200;

const code = (character: string): number => character.codePointAt(0) ?? 0;

/** `␛` for ESC and so on; C1 characters have no symbols, so their codes are written. */
function pictureOf(character: string): string {
  const point = code(character);
  if (point < 0x20) return String.fromCodePoint(0x2400 + point);
  return point === 0x7f ? '\u2421' : spelt(character);
}

const spelt = (character: string): string =>
  `<U+${code(character).toString(16).toUpperCase().padStart(4, '0')}>`;

const shorten = (line: string): string =>
  line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line;

const neutral = (text: string): string =>
  text.replace(CONTROLS, pictureOf).replace(UNSEEN, spelt).replace(STRAY_JOINER, spelt);

/** External text as one safe line: every control character is made visible. */
export const safeLine = (text: string): string =>
  // The common case: in a list of a hundred thousand jobs, nearly all texts.
  PLAIN.test(text)
    ? text
    : shorten(neutral(text.replace(/\r\n|[\n\r\u2028\u2029]/g, ' ').replaceAll('\t', ' ')));

/** The same for several lines; excess text is cut and marked. */
export function safeLines(text: string): string[] {
  const lines = text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => shorten(neutral(line)));
  const left = lines.length - MOST_LINES;
  return left > 0 ? [...lines.slice(0, MOST_LINES), `… (${left} more lines)`] : lines;
}

/** One line of JSON that is safe for a terminal: characters that JSON allows are escaped. */
export const safeJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    (character) => `\\u${code(character).toString(16).padStart(4, '0')}`,
  );
