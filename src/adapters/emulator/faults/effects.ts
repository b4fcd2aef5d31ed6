import type { Exchange } from '../model/exchange.js';
import type { Headers, ModelReply } from '../model/messages.js';
import type { Fault, FaultKind } from './fault.js';
import { shapeHeaders } from './shape-headers.js';

/** How an exchange ends for the client. */
type Fate = 'reply' | 'refused' | 'reset' | 'hung';

/** The faults that changed an exchange. */
export interface Effects {
  /** What they did to the job, its files or a limit: it stays, whatever the reply says. */
  readonly lasting: Set<Fault>;
  /** What they did to the reply: another fault may hide it. */
  readonly onReply: Set<Fault>;
}

export const noEffects = (): Effects => ({ lasting: new Set(), onReply: new Set() });

/** Replies that replace everything that was to be sent before. */
const WHOLE: ReadonlySet<FaultKind> = new Set([
  'http-error',
  'rate-limited',
  'too-many-jobs',
  'redirect',
  'other-speaker',
  'replica-lag',
  'url-not-yet-valid',
]);

const closesLimit = (fault: Fault): boolean =>
  fault.kind === 'rate-limited' &&
  fault.holds !== false &&
  (fault.resetInMs ?? fault.retryAfter?.inMs) !== undefined;

/** Notes that a fault has replaced the reply. */
export function noteReplaced({ lasting, onReply }: Effects, fault: Fault): void {
  if (WHOLE.has(fault.kind)) onReply.clear();
  onReply.add(fault);
  if (closesLimit(fault)) lasting.add(fault);
}

export const isSameBody = (one: ModelReply, other: ModelReply): boolean =>
  one.text === other.text && one.status === other.status && one.slice === other.slice;

const HEADER_KINDS: ReadonlySet<FaultKind> = new Set([
  'reset-format',
  'hostile-headers',
  'missing-rate-headers',
  'headers',
]);

const isSame = (one: Headers, other: Headers): boolean => {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
};

/** Whether a fault changed the headers or the transfer of a reply; of several of a kind, the last one did. */
function changesReply(
  exchange: Exchange,
  reply: ModelReply,
  faults: readonly Fault[],
  fault: Fault,
): boolean {
  const { kind } = fault;
  if (kind === 'clock-skew') return fault.byMs !== 0;
  const isLast = faults.findLast((other) => other.kind === kind) === fault;
  const hasBody = reply.text !== '' || reply.slice !== undefined;
  if (kind === 'cut-body') return isLast && hasBody;
  if (kind === 'unsized-body' || kind === 'content-encoding') return isLast;
  if (!HEADER_KINDS.has(kind) || !isLast) return false;
  const others = faults.filter((other) => other.kind !== kind);
  const { headers } = shapeHeaders(exchange, reply, others);
  return !isSame(headers, shapeHeaders(exchange, reply, faults).headers);
}

/** Notes the faults of headers and transfer. `reply`: before they were applied. */
export function noteShaped(
  { onReply }: Effects,
  exchange: Exchange,
  reply: ModelReply,
  faults: readonly Fault[],
): void {
  for (const fault of faults) if (changesReply(exchange, reply, faults, fault)) onReply.add(fault);
}

const FATES: Readonly<Partial<Record<FaultKind, Fate>>> = {
  'connection-refused': 'refused',
  reset: 'reset',
  hung: 'hung',
};

/** All faults with an effect, of those that apply to an exchange. */
export function effective(
  faults: readonly Fault[],
  { lasting, onReply }: Effects,
  fate: Fate,
): ReadonlySet<Fault> {
  const transport = faults.filter((fault) => {
    if (fault.kind === 'slow-reply') return fate !== 'hung' && fault.delayMs > 0;
    return fault.kind === 'early-reply' || FATES[fault.kind] === fate;
  });
  return new Set([...lasting, ...transport, ...(fate === 'reply' ? onReply : [])]);
}
