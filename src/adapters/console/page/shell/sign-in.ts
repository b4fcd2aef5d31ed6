import { call } from '../live/api.js';

/** Exchanges the token of the link for a cookie, and first removes it from the address. */
export async function signIn(): Promise<void> {
  const token = /^#token=(.+)$/.exec(location.hash)?.[1];
  if (token === undefined) return;
  history.replaceState(null, '', location.pathname + location.search);
  await call('POST', '/api/session', { token: decodeURIComponent(token) }).catch(() => undefined);
}
