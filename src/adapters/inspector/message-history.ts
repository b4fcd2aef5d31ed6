import type { ActorMessage, InspectionMessage } from './inspection-message.js';

export interface MessageHistory {
  add(message: InspectionMessage): void;
  /** The messages for a receiver that connects later: every job with its latest snapshot, then the most recent messages. */
  replay(): readonly InspectionMessage[];
}

/** Only machines have states. */
const isMachine = ({ definition }: ActorMessage): boolean => definition.includes('"states":{');

/** Maximum number of remembered jobs; the oldest is forgotten first. */
const MAX_JOBS = 200;

/**
 * Keeps what a late receiver needs, in bounded memory: a job's definition is sent only once, at its start, and the inspector
 * cannot draw the job without it.
 * @param limit how many other messages to keep
 */
export function createMessageHistory(limit: number): MessageHistory {
  const jobs = new Map<string, ActorMessage>();
  const recent: InspectionMessage[] = [];
  const keepJob = (message: ActorMessage): void => {
    jobs.set(message.sessionId, message);
    const oldest = jobs.keys().next();
    if (jobs.size > MAX_JOBS && !oldest.done) jobs.delete(oldest.value);
  };
  return {
    add(message) {
      if (message.type === '@xstate.actor' && isMachine(message)) return keepJob(message);
      const job = jobs.get(message.sessionId);
      if (message.type === '@xstate.snapshot' && job !== undefined)
        jobs.set(message.sessionId, { ...job, snapshot: message.snapshot });
      recent.push(message);
      if (recent.length > limit) recent.shift();
    },
    replay: () => [...jobs.values(), ...recent],
  };
}
