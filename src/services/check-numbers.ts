import { defined } from './defined.js';
import { refuseInput } from './refuse-input.js';

/** The numbers that an option takes. */
interface NumberRange {
  readonly words: string;
  readonly least: number;
  /** Default: none. */
  readonly most?: number;
}

/** Timers take no more: longer ones of every platform end at once. */
export const LONGEST_MS = 2 ** 31 - 1;

/** A time that passes. */
export const TIME_SPAN: NumberRange = { words: 'a number of ms', least: 1, most: LONGEST_MS };
/** A time that may be none. */
export const TIME_SPAN_OR_NONE: NumberRange = { ...TIME_SPAN, least: 0 };
export const COUNT: NumberRange = { words: 'a number', least: 1 };
export const BYTES: NumberRange = { words: 'a number of bytes', least: 0 };

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80));
  return value === null || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : `of type ${typeof value}`;
}

const isIn = ({ least, most = Number.POSITIVE_INFINITY }: NumberRange, value: unknown): boolean =>
  typeof value === 'number' && value >= least && value <= most;

/** What is wrong with the numbers among the options. Undefined ones count as missing. */
export function numberFindings<Options extends object>(
  options: Options,
  ranges: { readonly [Name in keyof Options]?: NumberRange },
): string[] {
  return Object.entries<NumberRange>(defined(ranges)).flatMap(([name, range]) => {
    const value: unknown = Reflect.get(options, name);
    if (value === undefined || isIn(range, value)) return [];
    const most = range.most === undefined ? '' : ` to ${range.most}`;
    return [`${name} is ${shown(value)}; allowed is ${range.words} from ${range.least}${most}`];
  });
}

/**
 * Validates the numbers among the options, because types do not protect a JavaScript host, and no comparison with NaN is ever true: a
 * limit would silently be none (law 6, never silent).
 * @throws InvalidInputError that names each option, its value and what is allowed
 */
export function checkNumbers<Options extends object>(
  options: Options,
  ranges: { readonly [Name in keyof Options]?: NumberRange },
): void {
  const findings = numberFindings(options, ranges);
  if (findings.length > 0) refuseInput(findings, 'Fix the options and start again; nothing was sent.');
}

/** @throws InvalidInputError for a time-out of a client that cannot be meant */
export const checkTimeouts = (options: {
  readonly requestTimeoutMs?: unknown;
  readonly stallTimeoutMs?: unknown;
}): void => checkNumbers(options, { requestTimeoutMs: TIME_SPAN, stallTimeoutMs: TIME_SPAN });
