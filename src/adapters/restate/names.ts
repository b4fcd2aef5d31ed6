/** Names of our services on the engine. */
export const SERVICES = {
  /** One virtual object for each job. */
  job: 'GoalJob',
  /** Transfers: calls that may last longer than a handler of an object should. */
  calls: 'GoalCalls',
  /** One virtual object for each key: its places, and its jobs that wait for a status. */
  key: 'GoalKey',
  /** One virtual object for each key: the process that runs its handler reads all jobs of the key. */
  reader: 'GoalReader',
  /** The workflows of a key, for clients. */
  catalog: 'GoalCatalog',
} as const;

/** A call's name at the desk of its key: unique among the calls of all jobs. */
export const deskCall = (jobId: string, token: string): string => `${token}/${jobId}`;
/** The job that such a call is for: a token has no slash. */
export const jobOfCall = (call: string): string => call.slice(call.indexOf('/') + 1);

export type ServiceName = (typeof SERVICES)[keyof typeof SERVICES];
