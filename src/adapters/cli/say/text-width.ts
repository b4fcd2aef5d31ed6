import stringWidth from 'string-width';

/** Characters with a width of one column, which need no further check. */
const PLAIN = /^[ -~\u2588\u2591]*$/;

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The terminal columns of a text: two for most East Asian characters and emoji, none for combining marks. */
export const widthOf = (text: string): number => (PLAIN.test(text) ? text.length : stringWidth(text));

/** The longest start of a text with at most `width` columns, and at least one grapheme. */
export function startWithin(text: string, width: number): string {
  let [start, taken] = ['', 0];
  for (const { segment } of GRAPHEMES.segment(text)) {
    taken += widthOf(segment);
    if (start !== '' && taken > width) break;
    start += segment;
  }
  return start;
}

/** The longest end of a text with at most `width` columns. */
export function endWithin(text: string, width: number): string {
  const letters = Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);
  let from = letters.length;
  let taken = 0;
  for (; from > 0; from -= 1) {
    taken += widthOf(letters[from - 1] ?? '');
    if (taken > width) break;
  }
  return letters.slice(from).join('');
}

/** Cuts to a number of columns, and marks the cut. */
export const cutTo = (text: string, columns: number): string =>
  widthOf(text) <= columns ? text : `${startWithin(text, Math.max(1, columns - 1))}…`;
