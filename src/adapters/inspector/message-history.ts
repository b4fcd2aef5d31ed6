import type { ActorMessage, InspectionMessage } from './inspection-message.js';

export interface MessageHistory {
  add(message: InspectionMessage): void;
  /** What somebody who comes late is told: every job with its latest snapshot, then what happened last. */
  replay(): readonly InspectionMessage[];
}

/** Of all actors only machines have states. */
const isMachine = ({ definition }: ActorMessage): boolean => definition.includes('"states":{');

/** Jobs that are remembered, the oldest being forgotten first. */
const MAX_JOBS = 200;

/**
 * Keeps what a late receiver needs, in bounded memory: a job's definition is told once, at its start,
 * and without it the inspector cannot draw the job.
 * @param limit How many messages besides.
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
