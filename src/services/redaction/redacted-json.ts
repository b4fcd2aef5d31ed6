import { isShownField } from './shown-fields.js';

export interface HowToRedact {
  readonly shown: (text: string) => string;
  readonly kept: (text: string) => string;
  /** True: every field counts as text for people. */
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

/** The position after the closing quote of the string that starts at `from`. */
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
 * Redacts each string of a JSON text by its decoded value. Everything else keeps its spelling (a large number would not survive
 * parsing and serialising). If it is not JSON, it is treated as text.
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
    // Boundary: a string of valid JSON.
    const meant = JSON.parse(spelled) as string;
    const isName = /^\s*:/.test(body.slice(at, at + 64));
    const clean = !isName && (isAllShown || isShownField(field)) ? shown(meant) : kept(meant);
    if (isName) field = meant;
    result += clean === meant ? spelled : JSON.stringify(clean);
  }
}
