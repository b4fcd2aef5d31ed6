import type { AxiosAdapter, InternalAxiosRequestConfig } from 'axios';
import type { Dispatcher } from 'undici';
import type { Connections, Route } from './connections.js';
import { exchangeOnce, type Outcome } from './exchange-once.js';
import { ReplyReceiver } from './reply-receiver.js';
import { requestBody } from './request-body.js';
import { headersOf, letGo, marksOf, urlOf } from './request-head.js';
import { type RequestState, undiciError } from './undici-error.js';

type Config = InternalAxiosRequestConfig;

/** Sends once and never repeats. Returns what ends the request. */
function dispatch(route: Route, config: Config, state: RequestState, outcome: Outcome) {
  const receiver = new ReplyReceiver(config, route.isForwarded, state, outcome);
  const { body, isAtOnce } = requestBody(config.data, () => {
    state.isSent = true;
  });
  const endWait = route.awaitConnection();
  let controller: Dispatcher.DispatchController | undefined;
  const marks = marksOf(config);
  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      endWait();
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
    onResponseError(...error) {
      endWait();
      receiver.onResponseError(...error);
    },
  };
  // axios names a method by text; the dispatcher refuses what is none.
  const method = (config.method ?? 'GET').toUpperCase() as Dispatcher.HttpMethod;
  const { origin, path, dispatcher } = route;
  dispatcher.dispatch({ origin, path, method, headers: headersOf(config, route.headers), body }, handler);
  return (reason: Error): void => {
    endWait();
    controller?.abort(reason);
  };
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
      const way = route(urlOf(config));
      return await exchangeOnce(config, state, (outcome) => dispatch(way, config, state, outcome));
    } catch (error) {
      throw undiciError(error, state);
    }
  };
