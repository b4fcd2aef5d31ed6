import type { AxiosAdapter } from 'axios';

/** How requests leave a platform: axios adapters of one client, and the connections behind them. */
export interface Transport {
  readonly adapter: AxiosAdapter;
  /** For a call that must not be sent on a connection that the other side may be closing: its reset would leave the outcome unknown. */
  readonly fresh?: AxiosAdapter;
  /** For what may be large: the data of its replies is an async iterable of bytes, each chunk of which is good until the next is asked for. */
  readonly download?: AxiosAdapter;
  /** Closes every connection. */
  close?(): void;
}
