import type { Reply } from '../../../machines/reply.js';
import type { ReportedCreations } from '../key/reported-creations.js';

/** The outcome of a create, with what its reply says about the creations of the day. */
export interface CreateResult {
  readonly reply: Reply<unknown>;
  readonly creations: ReportedCreations | undefined;
  /** True if the server has replied: then what the reply says about the creations is all that is known. */
  readonly wasAnswered: boolean;
}

/** Another process has armed this create, and may have sent it. */
export interface SentElsewhere {
  readonly isElsewhere: true;
}

export interface CreateAttempt {
  /** The same for all attempts of a handler. */
  readonly once: string;
  /** This process has armed it. */
  readonly isArmed: boolean;
  /** The awakeable on which a handler that is replayed in another process waits for the reply. */
  readonly lateId: string;
  /** Aborted when the engine no longer listens to this attempt. */
  readonly attempt: AbortSignal;
}

/** Law 1, never twice: a create is sent once, whatever the engine repeats. */
export interface CreateOnce {
  once(attempt: CreateAttempt, send: () => Promise<CreateResult>): Promise<CreateResult | SentElsewhere>;
  /** The engine has stored the reply, so no other process will wait for it. */
  kept(once: string): void;
}

/** An engine that is up does not replay a handler after this time. The memory kept until then is small. */
const KEPT_MS = 15 * 60_000;

/** @param deliverLate passes a reply that the engine no longer listens for to the process that waits for it */
export function createOnce(deliverLate: (lateId: string, reply: Reply<unknown>) => void): CreateOnce {
  const sent = new Map<string, Promise<CreateResult>>();
  const inJournal = new Set<string>();
  return {
    async once({ once, isArmed, lateId, attempt }, send) {
      const known = sent.get(once);
      if (known === undefined && !isArmed) return { isElsewhere: true };
      const work = known ?? send();
      if (known === undefined) {
        sent.set(once, work);
        setTimeout(() => {
          sent.delete(once);
          inJournal.delete(once);
        }, KEPT_MS).unref();
      }
      const result = await work;
      const deliver = (): void => {
        if (!inJournal.has(once)) deliverLate(lateId, result.reply);
      };
      if (attempt.aborted) deliver();
      // The reply may arrive after the engine is gone: then the next attempt may be in another process.
      else attempt.addEventListener('abort', deliver, { once: true });
      return result;
    },
    kept: (once) => void inJournal.add(once),
  };
}
