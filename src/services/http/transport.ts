import type { AxiosAdapter } from 'axios';

/** How requests leave a platform: axios adapters of one client, and the connections behind them. */
export interface Transport {
  readonly adapter: AxiosAdapter;
  /** For a call that must not be sent on a connection that the other side may be closing: its reset would leave the outcome unknown. */
  readonly fresh?: AxiosAdapter;
  /** Closes every connection. */
  close?(): void;
}
