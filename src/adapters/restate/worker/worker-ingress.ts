import type { Reply } from '../../../machines/reply.js';
import type { ProgressMessage, ShutLimit, TracedMessage } from '../messages.js';
import { SERVICES } from '../names.js';
import { withinTime } from '../within-time.js';

export const DEFAULT_INGRESS = 'http://127.0.0.1:8080';

/** Messages of a worker to the engine outside of its handlers. */
export interface WorkerIngress {
  /** Best effort: the next message supersedes it. */
  progress(jobId: string, message: ProgressMessage): void;
  /** Best effort: a lost link only affects traces. */
  traced(jobId: string, message: TracedMessage): void;
  /** The shut limits of a key; none if the engine does not answer soon, because a call must not wait for it. */
  limits(keyId: string): Promise<readonly ShutLimit[]>;
  /** Retried for half a minute, because the engine may be restarting. */
  shut(keyId: string, reports: readonly ShutLimit[]): Promise<void>;
  /** Retried for half a minute, because the engine may be restarting. */
  resolveAwakeable(id: string, reply: Reply<unknown>): Promise<void>;
}

const TRIES = 60;
const PAUSE_MS = 500;
const SOON_MS = 1_000;

export function createWorkerIngress(ingress: string = DEFAULT_INGRESS): WorkerIngress {
  const base = ingress.replace(/\/+$/, '');
  const post = async (path: string, body: unknown): Promise<boolean> => {
    try {
      return await withinTime(5_000, async (signal) => {
        const headers = { 'Content-Type': 'application/json' };
        const init = { method: 'POST', headers, body: JSON.stringify(body), signal };
        const reply = await fetch(`${base}${path}`, init);
        await reply.body?.cancel();
        return reply.status < 500;
      });
    } catch {
      return false;
    }
  };
  async function persistently(path: string, body: unknown): Promise<void> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      if (await post(path, body)) return;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
  return {
    progress: (jobId, message) =>
      void post(`/${SERVICES.job}/${encodeURIComponent(jobId)}/progress/send`, message),
    traced: (jobId, message) =>
      void post(`/${SERVICES.job}/${encodeURIComponent(jobId)}/traced/send`, message),
    async limits(keyId) {
      try {
        return await withinTime(SOON_MS, async (signal) => {
          const target = `${base}/${SERVICES.key}/${encodeURIComponent(keyId)}/limits`;
          const reply = await fetch(target, { method: 'POST', signal });
          // Boundary: the answer of the handler of that name; a worker of an older release has none.
          return reply.ok ? ((await reply.json()) as readonly ShutLimit[]) : [];
        });
      } catch {
        return [];
      }
    },
    shut: (keyId, reports) =>
      persistently(`/${SERVICES.key}/${encodeURIComponent(keyId)}/shut/send`, reports),
    resolveAwakeable: (id, reply) =>
      persistently(`/restate/awakeables/${encodeURIComponent(id)}/resolve`, reply),
  };
}
