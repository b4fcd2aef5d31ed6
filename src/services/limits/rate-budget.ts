import type { Endpoint } from './endpoint.js';

/** One reply, as a budget sees it. Times are epoch ms on this machine's clock. */
export interface Exchange {
  readonly endpoint: Endpoint;
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly status: number;
  readonly limit?: number;
  readonly remaining?: number;
  readonly resetAt?: number;
  /** Where the server said until when nothing more may be sent. */
  readonly retryAt?: number;
  /** Of a 429: which limit it is about. One of concurrent jobs carries no numbers: they would be another limit's. */
  readonly limited?: 'quota' | 'concurrency';
}

/** What is left of one endpoint's limit. */
export interface EndpointBudget {
  readonly limit?: number;
  readonly remaining?: number;
  readonly resetAt?: number;
  /** Epoch ms until which nothing may be sent. */
  readonly shutUntil?: number;
}

/** Answers "when may I" for one key, per endpoint. It never sleeps: waiting is the machine's, visible and durable. */
export interface RateBudget {
  /** Epoch ms from which a request may be sent, or undefined: now. */
  mayAt(endpoint: Endpoint, now: number): number | undefined;
  /** A request leaves. */
  onSend?(endpoint: Endpoint, now: number): void;
  /** A request ended without a reply. */
  onLost?(endpoint: Endpoint, now: number): void;
  observe(exchange: Exchange): void;
  snapshot(): Readonly<Partial<Record<Endpoint, EndpointBudget>>>;
  /** Goes on from what was known before a restart. */
  restore(known: Readonly<Partial<Record<Endpoint, EndpointBudget>>>): void;
}

/** What is known now: what a reply does not say stays. Built in one piece, for every reply comes by here. */
function numbersAfter(
  before: EndpointBudget | undefined,
  exchange: Exchange,
  shutUntil: number,
): EndpointBudget {
  const told = exchange.limited === 'concurrency' ? before : exchange;
  const limit = told?.limit ?? before?.limit;
  const remaining = told?.remaining ?? before?.remaining;
  const resetAt = told?.resetAt ?? before?.resetAt;
  const after: { -readonly [Name in keyof EndpointBudget]: EndpointBudget[Name] } = { shutUntil };
  if (limit !== undefined) after.limit = limit;
  if (remaining !== undefined) after.remaining = remaining;
  if (resetAt !== undefined) after.resetAt = resetAt;
  return after;
}

/** Shut after the last permitted request until the reset (law 3), and after a 429 until the time that it names. */
export function createRateBudget(): RateBudget {
  const known = new Map<Endpoint, EndpointBudget>();
  return {
    mayAt(endpoint, now) {
      const until = known.get(endpoint)?.shutUntil ?? 0;
      return until > now ? until : undefined;
    },
    observe(exchange) {
      const { endpoint, receivedAt } = exchange;
      const before = known.get(endpoint);
      const spent = exchange.remaining === 0 ? exchange.resetAt : undefined;
      // A reply to what was sent before the limit shut says nothing about whether it is open again.
      const standing = (before?.shutUntil ?? 0) > receivedAt ? before?.shutUntil : undefined;
      const shutUntil = Math.max(spent ?? 0, exchange.retryAt ?? 0, standing ?? 0);
      known.set(endpoint, numbersAfter(before, exchange, shutUntil));
    },
    snapshot: () => Object.fromEntries(known),
    restore(budgets) {
      for (const [endpoint, budget] of Object.entries(budgets)) {
        if (isEndpoint(endpoint)) known.set(endpoint, budget);
      }
    },
  };
}

const isEndpoint = (name: string): name is Endpoint =>
  ['catalog', 'upload', 'create', 'job', 'slots', 'confirm', 'status', 'download'].includes(name);
