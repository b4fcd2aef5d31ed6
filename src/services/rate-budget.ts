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
  /** Where the server said how long to wait. */
  readonly retryAt?: number;
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

const pick = (exchange: Exchange): EndpointBudget => ({
  ...(exchange.limit === undefined ? {} : { limit: exchange.limit }),
  ...(exchange.remaining === undefined ? {} : { remaining: exchange.remaining }),
  ...(exchange.resetAt === undefined ? {} : { resetAt: exchange.resetAt }),
});

/** Shut after the last permitted request until the reset (law 3), and after a 429 until the time that it names. */
export function createRateBudget(): RateBudget {
  const known = new Map<Endpoint, EndpointBudget>();
  return {
    mayAt(endpoint, now) {
      const until = known.get(endpoint)?.shutUntil;
      return until !== undefined && until > now ? until : undefined;
    },
    observe(exchange) {
      const spent = exchange.remaining === 0 ? exchange.resetAt : undefined;
      const shutUntil = Math.max(spent ?? 0, exchange.retryAt ?? 0);
      known.set(exchange.endpoint, { ...pick(exchange), ...(shutUntil > 0 ? { shutUntil } : {}) });
    },
    snapshot: () => Object.fromEntries(known),
    restore(budgets) {
      for (const endpoint of Object.keys(budgets)) {
        const budget = Object.entries(budgets).find(([name]) => name === endpoint)?.[1];
        if (budget !== undefined && isEndpoint(endpoint)) known.set(endpoint, budget);
      }
    },
  };
}

const isEndpoint = (name: string): name is Endpoint =>
  ['catalog', 'upload', 'create', 'job', 'slots', 'confirm', 'status', 'download'].includes(name);
