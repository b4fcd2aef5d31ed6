import type { AxiosAdapter } from 'axios';

/** How a platform sends requests: axios adapters of one client, and the connections behind them. */
export interface Transport {
  readonly adapter: AxiosAdapter;
  /** For calls that must use a new connection: a reset of one that the other side is closing would leave the outcome unknown. */
  readonly fresh?: AxiosAdapter;
  /** For large replies: their data is an async iterable of bytes; each chunk is valid until the next is requested. */
  readonly download?: AxiosAdapter;
  /** Closes every connection. */
  close?(): void;
}
