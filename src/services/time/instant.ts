/** The range of `Date`, in ms around 1970. */
const FURTHEST = 8.64e15;
/** 2001 in epoch seconds: a smaller number is a duration or a mistake. */
const LEAST_EPOCH = 1e9;

/** ISO 8601 date and time in common variants: T or a space, with or without zone, with or without separators. */
const ISO =
  /^(\d{4})-?(\d{2})-?(\d{2})(?:[T\s]\s*(\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,12}))?)?)?\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?$/i;

/** A date in words that names its zone, as in RFC 1123. */
const ZONED = /(?:\b(?:GMT|UTC?|Z|[ECMP][SD]T)|[+-]\d{2}:?\d{2})\s*(?:\([^)]*\))?$/i;

/** A date that begins with the name of a day or month, or a day of the month before one, and contains a year or a time. */
const WORDED = /^(?:[a-z]{3}|\d{1,2}[\s-][a-z]{3}).*(?:\b\d{4}\b|\d:\d{2})/i;

const inRange = (at: number): number | undefined =>
  Number.isFinite(at) && Math.abs(at) <= FURTHEST ? at : undefined;

/** Epoch seconds, ms, µs or ns, distinguished by size. */
function fromEpoch(value: number): number | undefined {
  if (!(value >= LEAST_EPOCH)) return undefined;
  if (value < 1e11) return inRange(value * 1e3);
  if (value < 1e14) return inRange(value);
  if (value < 1e17) return inRange(Math.trunc(value / 1e3));
  return value < 1e20 ? inRange(Math.trunc(value / 1e6)) : undefined;
}

/** Without a zone, UTC: the server does not know our zone. */
function zoneOf(zone: string | undefined): string {
  if (zone === undefined || /^[a-z]/i.test(zone)) return 'Z';
  const digits = zone.slice(1).replace(':', '').padEnd(4, '0');
  return `${zone[0]}${digits.slice(0, 2)}:${digits.slice(2)}`;
}

function fromText(text: string): number | undefined {
  const [, year, month, day, hour = '00', minute = '00', second = '00', fraction = '', zone] =
    ISO.exec(text) ?? [];
  if (year !== undefined) {
    const ms = fraction.padEnd(3, '0').slice(0, 3);
    return inRange(Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}${zoneOf(zone)}`));
  }
  // `Date.parse` accepts many texts that are not times.
  if (!WORDED.test(text)) return undefined;
  return inRange(Date.parse(ZONED.test(text) ? text : `${text} GMT`));
}

/** Reads a time as servers write it, in epoch ms; undefined if it is not one, or out of range. */
export function readInstant(value: unknown): number | undefined {
  if (typeof value === 'number') return fromEpoch(value);
  if (typeof value !== 'string' || value.length > 100) return undefined;
  const text = value.trim();
  return /^\d{9,}(?:\.\d+)?$/.test(text) ? fromEpoch(Number(text)) : fromText(text);
}
