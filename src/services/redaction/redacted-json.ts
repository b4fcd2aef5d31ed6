import { isShownField } from './shown-fields.js';

export interface HowToRedact {
  readonly shown: (text: string) => string;
  readonly kept: (text: string) => string;
  /** True: whatever the field, it is for people. */
  readonly isAllShown: boolean;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Behind the quote that ends the string that begins at `from`. */
function endOfString(text: string, from: number): number {
  const stops = /["\\]/g;
  stops.lastIndex = from + 1;
  for (let stop = stops.exec(text); stop !== null; stop = stops.exec(text)) {
    if (stop[0] === '"') return stops.lastIndex;
    stops.lastIndex += 1;
  }
  return text.length;
}

const NUMBER = /-?\d[\d.eE+-]*/g;

/**
 * JSON of which each string is redacted as it is meant, not as it is spelled; all else stays as it was written (a large number would
 * not survive being parsed and written again). What is no JSON is text.
 */
export function redactedJson(body: string, { shown, kept, isAllShown }: HowToRedact): string {
  if (!isJson(body)) return shown(body);
  let result = '';
  let field = '';
  let at = 0;
  for (let quote = body.indexOf('"'); ; quote = body.indexOf('"', at)) {
    const between = body.slice(at, quote < 0 ? body.length : quote);
    result += between.replace(NUMBER, (digits) => (kept(digits) === digits ? digits : `"${kept(digits)}"`));
    if (quote < 0) return result;
    at = endOfString(body, quote);
    const spelled = body.slice(quote, at);
    // A string of JSON that was just seen to be one.
    const meant = JSON.parse(spelled) as string;
    const isName = /^\s*:/.test(body.slice(at, at + 64));
    const clean = !isName && (isAllShown || isShownField(field)) ? shown(meant) : kept(meant);
    if (isName) field = meant;
    result += clean === meant ? spelled : JSON.stringify(clean);
  }
}
