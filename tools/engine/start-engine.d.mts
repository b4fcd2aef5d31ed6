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

export interface EngineOptions {
  /**
   * How long the engine waits for a handler that is silent, in ms, and as long again until it ends its attempt; where a service
   * says it itself, that holds. Default: the engine's own, a minute and ten.
   */
  readonly waitsMs?: number;
}

export function startDurableEngine(options?: EngineOptions): Promise<DurableEngine>;
