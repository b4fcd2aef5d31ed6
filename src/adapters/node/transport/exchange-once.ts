import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { letGo } from './request-head.js';
import type { RequestState } from './undici-error.js';

/** Receives the result. Only the first call of either counts. */
export interface Outcome {
  resolve(response: AxiosResponse): void;
  reject(error: Error): void;
}

/** Starts one exchange and returns what ends it for the given reason. */
export type Start = (outcome: Outcome) => (reason: Error) => void;

/** One exchange, which ends with its outcome or with its signal, whichever comes first. */
export function exchangeOnce(
  config: InternalAxiosRequestConfig,
  state: RequestState,
  start: Start,
): Promise<AxiosResponse> {
  const { signal } = config;
  return new Promise((resolve, reject) => {
    let end: ((reason: Error) => void) | undefined;
    const settle = (): void => signal?.removeEventListener?.('abort', onAbort);
    const outcome: Outcome = {
      resolve(response) {
        settle();
        resolve(response);
      },
      reject(error) {
        settle();
        reject(error);
      },
    };
    function onAbort(): void {
      const reason = letGo(config, state);
      outcome.reject(reason);
      end?.(reason);
    }
    signal?.addEventListener?.('abort', onAbort);
    end = start(outcome);
  });
}
