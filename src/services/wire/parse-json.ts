/** Only a number of so many digits can be one that a double does not hold. */
const MANY_DIGITS = /\d{16}/;
const NUMBER = /-?\d[\d.eE+-]*/g;
const WHOLE = /^-?\d+$/;

const exact = (number: string): string =>
  WHOLE.test(number) && !Number.isSafeInteger(Number(number)) ? `"${number}"` : number;

/** Where the string that begins at `from` ends: behind its closing quote. */
function endOfString(text: string, from: number): number {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes += 1;
    if (slashes % 2 === 0) return at + 1;
  }
  return text.length;
}

/** The text with each whole number beyond 2^53 as a string; what stands in strings is left alone. */
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
 * `JSON.parse`, but whole numbers beyond 2^53 come as text with all their digits: an id that is sent as a bare number must come back
 * as it was. Anyone who wants a number of such a field reads it from text.
 * @throws SyntaxError
 */
export function parseJson(text: string): unknown {
  if (!MANY_DIGITS.test(text)) return JSON.parse(text);
  // Twice, so that what is no JSON is said to be none in its own words.
  const plain: unknown = JSON.parse(text);
  const spelt = withExactNumbers(text);
  return spelt === text ? plain : JSON.parse(spelt);
}
