/** The durable engine as a process of its own, on this machine only. */
export interface DurableEngine {
  readonly ingress: string;
  readonly admin: string;
  /** What the engine counts, as Prometheus reads it. */
  readonly metrics: string;
  readonly pid: () => number;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again on the same ports and the same files. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export function startDurableEngine(): Promise<DurableEngine>;
