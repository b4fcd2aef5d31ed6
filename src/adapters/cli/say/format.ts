import { endWithin, startWithin, widthOf } from './text-width.js';

/** Small pure functions that format numbers for people. */

const UNITS = ['kB', 'MB', 'GB', 'TB'];

/** Decimal units: `512 bytes`, `1.2 MB`. */
export function formatSize(bytes: number): string {
  if (bytes < 1_000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  let [value, unit] = [bytes / 1_000, 0];
  while (value >= 999.95 && unit < UNITS.length - 1) [value, unit] = [value / 1_000, unit + 1];
  return `${value.toFixed(1)} ${UNITS[unit]}`;
}

/** `37 s`, `4 min 5 s`, `23 h 57 min`, `2 d 3 h`; never less than 0. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1_000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  const pair = (large: string, small: number, unit: string): string =>
    small === 0 ? large : `${large} ${small} ${unit}`;
  if (minutes === 0) return `${seconds} s`;
  if (hours === 0) return pair(`${minutes} min`, seconds % 60, 's');
  if (days === 0) return pair(`${hours} h`, minutes % 60, 'min');
  return pair(`${days} d`, hours % 24, 'h');
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Local time: `14:03:10`, with the date if it is not today. */
export function formatClock(at: number, now: number): string {
  const then = new Date(at);
  const time = `${two(then.getHours())}:${two(then.getMinutes())}:${two(then.getSeconds())}`;
  if (then.toDateString() === new Date(now).toDateString()) return time;
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())} ${time}`;
}

/** `14:03:10 (37 s)`. */
export const formatWhen = (at: number, now: number): string =>
  `${formatClock(at, now)} (${formatDuration(at - now)})`;

/** `until 14:03:10 (37 s)`. */
export const formatUntil = (at: number, now: number): string => `until ${formatWhen(at, now)}`;

/** Shortens a text to `width` columns and keeps its end, which is the most informative part of a path. */
export const keepEnd = (text: string, width: number): string =>
  widthOf(text) <= width ? text : `…${endWithin(text, width - 1)}`;

const AFTER_PARTS = /(?<=[ _./])/;
const AFTER_WORDS = /(?<= )/;

/** Folds a text into lines of at most `width` columns, which end after a space, or inside a longer word. */
export const foldWords = (text: string, width: number): string => foldText(text, width, AFTER_WORDS);

/** Folds a text into lines of at most `width` columns: after a space, `_`, `.` or `/`, or inside a longer part. */
export function foldText(text: string, width: number, after = AFTER_PARTS): string {
  const lines: string[] = [];
  let line = '';
  for (const part of text.split(after)) {
    if (line !== '' && widthOf((line + part).trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += part;
    while (widthOf(line.trimEnd()) > width) {
      const start = startWithin(line, width);
      // A single character that is wider than the line gets its own line.
      if (start.length === line.length) break;
      lines.push(start);
      line = line.slice(start.length);
    }
  }
  return [...lines, line.trimEnd()].join('\n');
}
