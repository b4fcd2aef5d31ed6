/** Only a number with this many digits can exceed the precision of a double. */
const MANY_DIGITS = /\d{16}/;
const NUMBER = /-?\d[\d.eE+-]*/g;
const WHOLE = /^-?\d+$/;

const exact = (number: string): string =>
  WHOLE.test(number) && !Number.isSafeInteger(Number(number)) ? `"${number}"` : number;

/** The position after the closing quote of the string that starts at `from`. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return text.length;
}

/** The text with each whole number beyond 2^53 as a string; JSON strings stay unchanged. */
function withExactNumbers(text: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < text.length) {
    const quote = text.indexOf('"', at);
    const bare = text.slice(at, quote < 0 ? text.length : quote);
    parts.push(bare.replace(NUMBER, exact));
    if (quote < 0) break;
    at = endOfString(text, quote);
    parts.push(text.slice(quote, at));
  }
  return parts.join('');
}

/**
 * Like `JSON.parse`, but whole numbers beyond 2^53 become strings with all their digits: an id that was sent as a number must be
 * sent back unchanged. A schema that expects a number accepts such a string.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  if (!MANY_DIGITS.test(text)) return JSON.parse(text);
  // The original text is parsed first, so that a syntax error refers to it.
  const plain: unknown = JSON.parse(text);
  const spelt = withExactNumbers(text);
  return spelt === text ? plain : JSON.parse(spelt);
}
