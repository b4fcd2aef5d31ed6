import type { AxiosResponse } from 'axios';
import type { ApiRequest } from './api-request.js';

const MAX_REDIRECTS = 3;

export const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/**
 * The target of a redirect that may be followed: a GET within the origin of the API. Any other would send the key or a body
 * elsewhere.
 */
export function redirectTarget(
  baseUrl: string,
  request: ApiRequest,
  response: AxiosResponse,
  from: { readonly url: string; readonly hops: number },
): string | undefined {
  // A host's transport may omit the headers.
  const headers: Readonly<Record<string, unknown>> = response.headers ?? {};
  const { location } = headers;
  if (request.method !== 'GET' || from.hops >= MAX_REDIRECTS || typeof location !== 'string')
    return undefined;
  const target = URL.canParse(location, from.url) ? new URL(location, from.url) : undefined;
  if (target?.origin !== new URL(baseUrl).origin) return undefined;
  // A user would take the place of the key, and fetch takes none in a URL.
  target.username = '';
  target.password = '';
  return target.href;
}
