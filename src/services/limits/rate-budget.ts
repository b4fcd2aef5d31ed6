import type { Endpoint } from './endpoint.js';

/** One reply as the budget sees it. Times are epoch ms on this machine's clock. */
export interface Exchange {
  readonly endpoint: Endpoint;
  readonly sentAt: number;
  readonly receivedAt: number;
  readonly status: number;
  readonly limit?: number;
  readonly remaining?: number;
  readonly resetAt?: number;
  /** The time before which the server allows no more requests, if stated. */
  readonly retryAt?: number;
  /** For a 429: which limit it is about. A concurrency limit carries no numbers: they would belong to another limit. */
  readonly limited?: 'quota' | 'concurrency';
}

/** What remains of the limit of one endpoint. */
export interface EndpointBudget {
  readonly limit?: number;
  readonly remaining?: number;
  readonly resetAt?: number;
  /** Epoch ms until which nothing may be sent. */
  readonly shutUntil?: number;
}

/**
 * Answers when a request may be sent, for one key, per endpoint. It never sleeps: waiting is up to the machine, visible and
 * durable.
 */
export interface RateBudget {
  /** Epoch ms from which a request may be sent; undefined means now. */
  mayAt(endpoint: Endpoint, now: number): number | undefined;
  /** Called when a request is sent. */
  onSend?(endpoint: Endpoint, now: number): void;
  /** Called when a request ended without a reply. */
  onLost?(endpoint: Endpoint, now: number): void;
  observe(exchange: Exchange): void;
  snapshot(): Readonly<Partial<Record<Endpoint, EndpointBudget>>>;
  /** Continues with what was known before a restart. */
  restore(known: Readonly<Partial<Record<Endpoint, EndpointBudget>>>): void;
}

/** The merged state: a value that the reply does not state is kept. Built in one object, because every reply passes through here. */
function numbersAfter(
  before: EndpointBudget | undefined,
  exchange: Exchange,
  shutUntil: number,
): EndpointBudget {
  const stated = exchange.limited === 'concurrency' ? before : exchange;
  const limit = stated?.limit ?? before?.limit;
  const remaining = stated?.remaining ?? before?.remaining;
  const resetAt = stated?.resetAt ?? before?.resetAt;
  const after: { -readonly [Name in keyof EndpointBudget]: EndpointBudget[Name] } = { shutUntil };
  if (limit !== undefined) after.limit = limit;
  if (remaining !== undefined) after.remaining = remaining;
  if (resetAt !== undefined) after.resetAt = resetAt;
  return after;
}

/** Closed after the last permitted request until the reset (law 3, never early), and after a 429 until the time that it states. */
export function createRateBudget(): RateBudget {
  /** Made for the first reply: a process may have a thousand keys. */
  let known: Map<Endpoint, EndpointBudget> | undefined;
  return {
    mayAt(endpoint, now) {
      const until = known?.get(endpoint)?.shutUntil ?? 0;
      return until > now ? until : undefined;
    },
    observe(exchange) {
      const { endpoint, receivedAt } = exchange;
      known ??= new Map();
      const before = known.get(endpoint);
      const spent = exchange.remaining === 0 ? exchange.resetAt : undefined;
      // A reply to a request from before the limit closed does not show that it is open again.
      const standing = (before?.shutUntil ?? 0) > receivedAt ? before?.shutUntil : undefined;
      const shutUntil = Math.max(spent ?? 0, exchange.retryAt ?? 0, standing ?? 0);
      known.set(endpoint, numbersAfter(before, exchange, shutUntil));
    },
    snapshot: () => Object.fromEntries(known ?? []),
    restore(budgets) {
      known ??= new Map();
      for (const [endpoint, budget] of Object.entries(budgets)) {
        if (isEndpoint(endpoint)) known.set(endpoint, budget);
      }
    },
  };
}

const isEndpoint = (name: string): name is Endpoint =>
  ['catalog', 'upload', 'create', 'job', 'slots', 'confirm', 'status', 'download'].includes(name);
