/** What the engine calls our services. */
export const SERVICES = {
  /** One virtual object a job. */
  job: 'GoalJob',
  /** Transfers: the calls that may last longer than a handler of an object should. */
  calls: 'GoalCalls',
  /** One virtual object a key: its places, and which of its jobs wait for news. */
  key: 'GoalKey',
  /** One virtual object a key: the holder of its handler reads all the jobs of the key. */
  reader: 'GoalReader',
  /** The workflows of a key, for clients. */
  catalog: 'GoalCatalog',
} as const;

export type ServiceName = (typeof SERVICES)[keyof typeof SERVICES];
