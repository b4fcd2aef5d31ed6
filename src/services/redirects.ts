import type { AxiosResponse } from 'axios';
import type { Failure } from './failure.js';
import type { ApiRequest } from './http.js';

const MAX_REDIRECTS = 3;

export const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/** Where a redirect leads that may be followed: a GET within the API's origin. Anything else would carry the key, or a body, where it does not belong. */
export function redirectTarget(
  baseUrl: string,
  request: ApiRequest,
  response: AxiosResponse,
  from: { readonly url: string; readonly hops: number },
): string | undefined {
  const location: unknown = response.headers.location;
  if (request.method !== 'GET' || from.hops >= MAX_REDIRECTS || typeof location !== 'string')
    return undefined;
  const target = URL.canParse(location, from.url) ? new URL(location, from.url) : undefined;
  return target?.origin === new URL(baseUrl).origin ? target.href : undefined;
}

/** 307 and 308 ask for the same request elsewhere; behind another 3xx the server may have acted on what changes something. */
const isUntouched = (request: ApiRequest, status: number): boolean =>
  request.method === 'GET' || status === 307 || status === 308;

/** A redirect that is not followed. */
export function redirectFailure(request: ApiRequest, status: number): Failure {
  const { method, path } = request;
  return {
    kind: 'rejected',
    message: `${method} ${path} answered ${status}, a redirect that is not followed: the key goes to the API's origin and nowhere else`,
    advice: 'Check the base URL.',
    delivery: isUntouched(request, status) ? 'refused' : 'unknown',
    method,
    path,
    status,
  };
}
