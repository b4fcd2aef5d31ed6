import { shutForMs } from '../key/shut-limits.js';
import type { KeyTools } from '../key-tools.js';
import type { ShutLimit } from '../messages.js';
import type { WorkerIngress } from '../worker/worker-ingress.js';

/**
 * Law 3, never early, across processes: what a reply to one process has shut, no other process sends under. The places and
 * creations are the desk's, the status reads the reader's; this is about the other endpoints.
 */
export interface SharedLimits {
  /** Before a call: learns what others have reported, at most four times a second. Never rejects. */
  learn(tools: KeyTools): Promise<void>;
  /** After a call: reports what its reply has shut. */
  report(tools: KeyTools): void;
}

const FRESH_MS = 250;
/** Reports of one closing differ by the rounding of its times. */
const SAME_MS = 1_500;

interface Known {
  /** Epoch ms of the clock of the process. */
  askedAt: number;
  asking: Promise<void> | undefined;
  /** Until when each endpoint is shut, as far as all know: epoch ms of the clock of this process. */
  readonly shared: Map<string, number>;
}

const unasked = (): Known => ({ askedAt: Number.NEGATIVE_INFINITY, asking: undefined, shared: new Map() });

/** @param wall epoch ms of the wall clock */
export function createSharedLimits(
  ingress: Pick<WorkerIngress, 'limits' | 'shut'>,
  wall: () => number,
): SharedLimits {
  const keys = new Map<string, Known>();

  function knownOf(keyId: string): Known {
    const known = keys.get(keyId) ?? unasked();
    keys.set(keyId, known);
    return known;
  }

  async function ask({ keyId, clock, shut }: KeyTools, known: Known): Promise<void> {
    for (const limit of await ingress.limits(keyId)) {
      const until = clock.now() + shutForMs(limit, wall());
      known.shared.set(limit.endpoint, Math.max(until, known.shared.get(limit.endpoint) ?? 0));
      shut(limit.endpoint, until);
    }
  }

  return {
    async learn(tools) {
      const known = knownOf(tools.keyId);
      const now = tools.clock.now();
      if (known.asking === undefined) {
        if (now - known.askedAt < FRESH_MS) return;
        known.askedAt = now;
        known.asking = ask(tools, known).finally(() => {
          known.asking = undefined;
        });
      }
      await known.asking;
    },
    report(tools) {
      const { shared } = knownOf(tools.keyId);
      const now = tools.clock.now();
      const fresh = tools
        .shutLimits()
        .filter(({ endpoint, until }) => until > (shared.get(endpoint) ?? now) + SAME_MS);
      if (fresh.length === 0) return;
      for (const { endpoint, until } of fresh) shared.set(endpoint, until);
      const reports = fresh.map(
        ({ endpoint, until }): ShutLimit => ({ endpoint, forMs: Math.ceil(until - now), at: wall() }),
      );
      void ingress.shut(tools.keyId, reports);
    },
  };
}
