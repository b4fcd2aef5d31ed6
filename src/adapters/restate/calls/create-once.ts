import type { Reply } from '../../../machines/reply.js';
import type { ToldCreations } from '../key/told-creations.js';

/** What a create came to, with what its reply told of the creations of the day. */
export interface CreateResult {
  readonly reply: Reply<unknown>;
  readonly creations: ToldCreations | undefined;
  /** The server was reached: whatever it said, what it tells of the creations is known. */
  readonly wasAnswered: boolean;
}

/** Another process has armed this create, and may have sent it. */
export interface SentElsewhere {
  readonly isElsewhere: true;
}

export interface CreateAttempt {
  /** The same for every attempt of the same handler. */
  readonly once: string;
  /** This process has armed it. */
  readonly isArmed: boolean;
  /** Where a handler that is replayed elsewhere waits for the reply. */
  readonly lateId: string;
  /** Aborted when the engine does not listen to this attempt any more. */
  readonly attempt: AbortSignal;
}

/** Law 1, never twice: a create is sent once, whatever the engine repeats. */
export interface CreateOnce {
  once(attempt: CreateAttempt, send: () => Promise<CreateResult>): Promise<CreateResult | SentElsewhere>;
  /** The engine has the reply: nobody will wait for it elsewhere. */
  kept(once: string): void;
}

/** A handler is not replayed for longer than this by an engine that is up; what is left behind is little. */
const KEPT_MS = 15 * 60_000;

/** @param tellLate hands a reply that the engine no longer listens for to the one that waits for it */
export function createOnce(tellLate: (lateId: string, reply: Reply<unknown>) => void): CreateOnce {
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
      const tell = (): void => {
        if (!inJournal.has(once)) tellLate(lateId, result.reply);
      };
      if (attempt.aborted) tell();
      // The answer may be on its way when the engine goes away: then the next attempt may be another process's.
      else attempt.addEventListener('abort', tell, { once: true });
      return result;
    },
    kept: (once) => void inJournal.add(once),
  };
}
