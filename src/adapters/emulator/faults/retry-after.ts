import type { Headers } from '../model/messages.js';
import type { RetryAfter } from './fault-kinds.js';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** `Sunday, 06-Nov-94 08:49:37 GMT` */
function rfc850(at: Date): string {
  const [, day, month, year, time] = at.toUTCString().split(' ');
  return `${DAYS[at.getUTCDay()]}, ${day}-${month}-${year?.slice(2)} ${time} GMT`;
}

/** `Sun Nov  6 08:49:37 1994` */
function asctime(at: Date): string {
  const [weekday, day, month, year, time] = at.toUTCString().split(' ');
  return `${weekday?.slice(0, 3)} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`;
}

const TEXTS: Readonly<Record<RetryAfter['form'], (inMs: number, at: Date) => string>> = {
  seconds: (inMs) => String(Math.ceil(inMs / 1000)),
  date: (_, at) => at.toUTCString(),
  rfc850: (_, at) => rfc850(at),
  asctime: (_, at) => asctime(at),
  fraction: (inMs) => (inMs / 1000).toFixed(1),
  iso: (_, at) => at.toISOString(),
  negative: () => '-1',
  overflow: () => '9'.repeat(30),
  words: () => 'a little while',
  empty: () => '',
};

/** The header, on the server's clock; none without the fault. */
export function retryAfterHeader(retryAfter: RetryAfter | undefined, serverNow: number): Headers {
  if (retryAfter === undefined) return {};
  const { form, inMs } = retryAfter;
  const at = new Date(Math.ceil((serverNow + inMs) / 1000) * 1000);
  return { 'retry-after': TEXTS[form](inMs, at) };
}
