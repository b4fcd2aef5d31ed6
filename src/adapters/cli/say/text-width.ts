import stringWidth from 'string-width';

/** A letter a column: what can be told without looking at each. */
const PLAIN = /^[ -~\u2588\u2591]*$/;

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The columns that a text takes on a terminal: two for most East Asian letters and emoji, none for a mark upon a letter. */
export const widthOf = (text: string): number => (PLAIN.test(text) ? text.length : stringWidth(text));

/** The longest start of a text that takes at most `width` columns, and at least what a reader sees as one letter. */
export function startWithin(text: string, width: number): string {
  let [start, taken] = ['', 0];
  for (const { segment } of GRAPHEMES.segment(text)) {
    taken += widthOf(segment);
    if (start !== '' && taken > width) break;
    start += segment;
  }
  return start;
}

/** The longest end of a text that takes at most `width` columns. */
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
