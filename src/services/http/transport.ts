import type { AxiosAdapter, AxiosRequestConfig, AxiosResponse } from 'axios';

/** How a platform sends requests: axios adapters of one client, and the connections behind them. */
export interface Transport {
  readonly adapter: AxiosAdapter;
  /** For a call that must not be sent on a connection that the other side may be closing: its reset would leave the outcome unknown. */
  readonly fresh?: AxiosAdapter | undefined;
  /** For what may be large: the data of its replies is an async iterable of bytes, each chunk of which is good until the next is asked for. */
  readonly download?: AxiosAdapter | undefined;
  /** Closes every connection. */
  close?(): void;
}

/** One request of axios. */
export type Ask = (config: AxiosRequestConfig) => Promise<AxiosResponse>;

/** Loads axios itself, and gives it with these settings. */
export type LoadAxios = (settings: AxiosRequestConfig) => Promise<Ask>;

/** By what a client sends: the API's requests by an adapter of the host's own where there is one, results by a transport where there is one. */
export interface Sending {
  readonly adapter?: AxiosAdapter | undefined;
  readonly transport?: Transport | undefined;
  /** Where neither is given. */
  readonly loadAxios?: LoadAxios | undefined;
}

/** Loads it with the first request, once. */
export function lazyAxios(load: LoadAxios | undefined, settings: AxiosRequestConfig): Ask {
  let loading: Promise<Ask> | undefined;
  return async (config) => {
    if (load === undefined) throw new Error('this client has no transport');
    loading ??= load(settings);
    const ask = await loading;
    return ask(config);
  };
}
