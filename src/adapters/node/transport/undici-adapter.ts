import type { AxiosAdapter, AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import type { Dispatcher } from 'undici';
import type { Connections, Route } from './connections.js';
import { type Outcome, ReplyReceiver } from './reply-receiver.js';
import { requestBody } from './request-body.js';
import { headersOf, letGo, marksOf, urlOf } from './request-head.js';
import { type RequestState, undiciError } from './undici-error.js';

type Config = InternalAxiosRequestConfig;

/** Sends once and never repeats. Returns a function that ends the request. */
function dispatch(route: Route, config: Config, state: RequestState, outcome: Outcome): () => void {
  const receiver = new ReplyReceiver(config, route.isForwarded, state, outcome);
  const { body, isAtOnce } = requestBody(config.data, () => {
    state.isSent = true;
  });
  let controller: Dispatcher.DispatchController | undefined;
  const marks = marksOf(config);
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      if (config.signal?.aborted) return started.abort(letGo(config, state));
      state.isSent = isAtOnce;
      if (marks !== undefined) marks.sentAt = performance.now();
    },
    onResponseStart(...reply) {
      if (marks !== undefined) marks.answeredAt ??= performance.now();
      receiver.onResponseStart(...reply);
    },
    onResponseData: (...data) => receiver.onResponseData(...data),
    onResponseEnd: () => receiver.onResponseEnd(),
    onResponseError: (...error) => receiver.onResponseError(...error),
  };
  // axios names a method by text; the dispatcher refuses what is none.
  const method = (config.method ?? 'GET').toUpperCase() as Dispatcher.HttpMethod;
  const { origin, path, dispatcher } = route;
  dispatcher.dispatch({ origin, path, method, headers: headersOf(config, route.headers), body }, handler);
  return () => {
    const error = letGo(config, state);
    outcome.reject(error);
    controller?.abort(error);
  };
}

function exchange(route: Route, config: Config): Promise<AxiosResponse> {
  const { signal } = config;
  const state: RequestState = { isSent: false };
  return new Promise((resolve, reject) => {
    let end: (() => void) | undefined;
    const settle = (): void => {
      if (end !== undefined) signal?.removeEventListener?.('abort', end);
    };
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
    end = dispatch(route, config, state, outcome);
    signal?.addEventListener?.('abort', end);
  });
}

/**
 * undici as a transport of axios. It follows no redirects and repeats nothing, returns every status as a reply, has no time-outs
 * (the caller aborts by the signal), and knows for each failure whether a byte of the request was sent. @throws TransportError
 */
export const createUndiciAdapter =
  (connections: () => Promise<Connections>): AxiosAdapter =>
  async (config) => {
    const state: RequestState = { isSent: false };
    try {
      const { route } = await connections();
      if (config.signal?.aborted) throw letGo(config, state);
      return await exchange(route(urlOf(config)), config);
    } catch (error) {
      throw undiciError(error, state);
    }
  };
