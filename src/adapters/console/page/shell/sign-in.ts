import { call } from '../live/api.js';

/** The token of the link becomes a cookie, and leaves the address before anything else is done. */
export async function signIn(): Promise<void> {
  const token = /^#token=(.+)$/.exec(location.hash)?.[1];
  if (token === undefined) return;
  history.replaceState(null, '', location.pathname + location.search);
  await call('POST', '/api/session', { token: decodeURIComponent(token) }).catch(() => undefined);
}
