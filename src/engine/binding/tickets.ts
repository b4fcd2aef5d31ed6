import { UNKNOWN_ADVICE } from '../../machines/failure/create-outcome.js';
import type { Failure } from '../../services/failure.js';
import { freshId } from './fresh-id.js';

/** The answer to a create that was prepared by a process that is gone: whether the server acted is unknown. */
export const refusedTicket: Failure = {
  kind: 'outcome-unknown',
  message: 'this create was prepared by a process that no longer runs; its reply, if there was one, is lost',
  advice: UNKNOWN_ADVICE,
  delivery: 'unknown',
};

/** Law 1, never twice: a ticket allows one create in the process that issued it. */
export interface Tickets<Result> {
  /** Issues a new ticket. */
  arm(): string;
  /**
   * Runs the work once: a second call in this process joins the first. Rejects with {@link refusedTicket} if this process did not
   * issue the ticket, or has forgotten it.
   */
  once(ticket: string, work: () => Promise<Result>): Promise<Result>;
  /** Invalidates the ticket: a create with it is refused. */
  forget(ticket: string): void;
}

export function createTickets<Result>(): Tickets<Result> {
  /** Undefined: issued, and not used yet. */
  const armed = new Map<string, Promise<Result> | undefined>();
  return {
    arm() {
      const ticket = freshId();
      armed.set(ticket, undefined);
      return ticket;
    },
    once(ticket, work) {
      if (!armed.has(ticket)) return Promise.reject(refusedTicket);
      const first = armed.get(ticket) ?? work();
      armed.set(ticket, first);
      return first;
    },
    forget: (ticket) => void armed.delete(ticket),
  };
}
