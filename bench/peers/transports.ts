import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline';
import axios, { type AxiosAdapter, type AxiosResponse } from 'axios';

/** What each peer documents as the place where its requests leave, ended in one and the same transport. */

interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

type Send = (request: Sent) => Promise<AxiosResponse<string>>;

function sender(adapter: AxiosAdapter): Send {
  const instance = axios.create({
    adapter,
    responseType: 'text',
    transformRequest: [(data: unknown) => data],
    transformResponse: [(data: unknown) => data],
    validateStatus: () => true,
  });
  return ({ body, ...request }) =>
    instance.request({ ...request, ...(body === undefined ? {} : { data: body }) });
}

const codeOf = (error: unknown): string | undefined => (axios.isAxiosError(error) ? error.code : undefined);

const flat = (response: AxiosResponse): Record<string, string> =>
  Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));

/** `fetch`, as far as the peers use it; a broken connection is reported as Node does. */
export function fetchOver(adapter: AxiosAdapter): typeof fetch {
  const send = sender(adapter);
  return async (input, init = {}) => {
    const url = input instanceof Request ? input.url : String(input);
    const headers = Object.fromEntries(new Headers(init.headers));
    const body = typeof init.body === 'string' ? { body: init.body } : {};
    try {
      const response = await send({ url, method: init.method ?? 'GET', headers, ...body });
      return new Response(response.data, { status: response.status, headers: flat(response) });
    } catch (error) {
      throw new TypeError('fetch failed', { cause: { code: codeOf(error) } });
    }
  };
}

/** The `HttpClient` of core-rest-pipeline, likewise. */
export function httpClientOver(adapter: AxiosAdapter): HttpClient {
  const send = sender(adapter);
  return {
    async sendRequest(request: PipelineRequest) {
      const { url, method } = request;
      const body = typeof request.body === 'string' ? { body: request.body } : {};
      try {
        const response = await send({ url, method, headers: request.headers.toJSON(), ...body });
        const headers = createHttpHeaders(flat(response));
        return { request, headers, status: response.status, bodyAsText: response.data };
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        throw new RestError(message, { code: codeOf(error) ?? RestError.REQUEST_SEND_ERROR, request });
      }
    },
  };
}
