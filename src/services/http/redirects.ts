import type { AxiosResponse } from 'axios';
import type { ApiRequest } from './api-request.js';

const MAX_REDIRECTS = 3;

export const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/** Where a redirect leads that may be followed: a GET within the API's origin. Anything else would carry the key, or a body, where it does not belong. */
export function redirectTarget(
  baseUrl: string,
  request: ApiRequest,
  response: AxiosResponse,
  from: { readonly url: string; readonly hops: number },
): string | undefined {
  // A transport of the host's own may leave them out.
  const headers: Readonly<Record<string, unknown>> = response.headers ?? {};
  const { location } = headers;
  if (request.method !== 'GET' || from.hops >= MAX_REDIRECTS || typeof location !== 'string')
    return undefined;
  const target = URL.canParse(location, from.url) ? new URL(location, from.url) : undefined;
  return target?.origin === new URL(baseUrl).origin ? target.href : undefined;
}
