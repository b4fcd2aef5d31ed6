import type { Exchange } from '../model/exchange.js';
import type { Headers, ModelReply } from '../model/messages.js';
import { formatReset, type ResetFormat } from '../model/reset-format.js';
import type { Fault, HeaderFault } from './fault.js';

type Hostile = Extract<HeaderFault, { kind: 'hostile-headers' }>['values'];

const YEARS_MS = 20 * 365 * 86_400_000;

const HOSTILE: Readonly<Record<Hostile, (now: number) => readonly [remaining: string, reset: string]>> = {
  negative: () => ['-1', '-60'],
  nan: () => ['NaN', 'soon'],
  'years-ahead': (now) => ['0', String(Math.round((now + YEARS_MS) / 1000))],
  'long-past': (now) => ['0', String(Math.round((now - YEARS_MS) / 1000))],
  empty: () => ['', ''],
  overflow: () => ['9'.repeat(400), `1e${'9'.repeat(10)}`],
};

const isLast = <Kind extends Fault['kind']>(faults: readonly Fault[], kind: Kind) =>
  faults.findLast((fault): fault is Extract<Fault, { kind: Kind }> => fault.kind === kind);

/** How far the server's clock is off. */
export const skewOf = (faults: readonly Fault[]): number => isLast(faults, 'clock-skew')?.byMs ?? 0;

/** Faults that replace any other reply. */
const REPLACES: ReadonlySet<Fault['kind']> = new Set([
  'rate-limited',
  'too-many-jobs',
  'replica-lag',
  'url-not-yet-valid',
]);

/** A fault has closed a limit, and another fault has replaced its 429. */
function isHidden(faults: readonly Fault[]): boolean {
  const sent = faults.findLast(({ kind }) => REPLACES.has(kind));
  return faults.some(({ kind }) => kind === 'rate-limited') && sent?.kind !== 'rate-limited';
}

/** Whether the client sees the true state of its limit. */
export const tellsTruth = (faults: readonly Fault[]): boolean =>
  !isHidden(faults) &&
  !faults.some(
    (fault) =>
      fault.kind === 'hostile-headers' ||
      fault.kind === 'missing-rate-headers' ||
      fault.kind === 'headers' ||
      // A reply from a proxy says nothing about the API's limits.
      fault.kind === 'http-error' ||
      fault.kind === 'other-speaker' ||
      fault.kind === 'redirect' ||
      (fault.kind === 'rate-limited' && fault.resetInMs === undefined && fault.retryAfter === undefined),
  );

/** Of several 429s the last one is sent. */
function saysReset(faults: readonly Fault[]): boolean {
  const sent = isLast(faults, 'rate-limited');
  return sent === undefined || sent.resetInMs !== undefined;
}

function resetHeader({ entry, world, now }: Exchange, faults: readonly Fault[], skewMs: number): Headers {
  const format: ResetFormat = isLast(faults, 'reset-format')?.format ?? world.settings.resetFormat;
  if (entry.rate === undefined || !saysReset(faults)) return {};
  return { 'x-ratelimit-reset': formatReset(entry.rate.resetAt + skewMs, now + skewMs, format) };
}

const without = (headers: Headers, names: readonly string[]): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !names.includes(name)));

function hostileHeaders(faults: readonly Fault[], now: number): Headers {
  const fault = isLast(faults, 'hostile-headers');
  if (fault === undefined) return {};
  const [remaining, reset] = HOSTILE[fault.values](now);
  return { 'x-ratelimit-remaining': remaining, 'x-ratelimit-reset': reset };
}

/** The content coding of a body; its length is omitted if it is encoded or unsized. */
function codingHeaders(faults: readonly Fault[]): Readonly<Record<string, string | undefined>> {
  const coding = isLast(faults, 'content-encoding');
  const hasLength =
    isLast(faults, 'unsized-body') === undefined && (coding === undefined || coding.encoding === 'identity');
  const label = coding === undefined ? {} : { 'content-encoding': coding.label ?? coding.encoding };
  return hasLength ? label : { 'content-length': undefined, ...label };
}

const RATE_HEADERS = ['x-ratelimit-remaining', 'x-ratelimit-reset'];

/** Applies faults to the headers: format and clock first, then invalid values, then explicit headers. */
export function shapeHeaders(exchange: Exchange, reply: ModelReply, faults: readonly Fault[]): ModelReply {
  const skewMs = skewOf(faults);
  const date =
    skewMs === 0 || reply.headers.date === undefined
      ? {}
      : { date: new Date(exchange.now + skewMs).toUTCString() };
  const isAboutReset =
    reply.headers['x-ratelimit-remaining'] !== undefined || reply.headers['x-ratelimit-reset'] !== undefined;
  const reset = isAboutReset ? resetHeader(exchange, faults, skewMs) : {};
  const hostile = hostileHeaders(faults, exchange.now + skewMs);
  const shaped = { ...reply.headers, ...date, ...reset, ...hostile };
  const kept = isLast(faults, 'missing-rate-headers') ? without(shaped, RATE_HEADERS) : shaped;
  const byHand = isLast(faults, 'headers')?.set ?? {};
  const set = Object.entries({ ...kept, ...codingHeaders(faults), ...byHand }).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { ...reply, headers: Object.fromEntries(set) };
}
