import type { ModelReply } from './messages.js';

/** Path of a login page like that of a captive portal; both origins serve it to everybody, as a target of redirects. */
export const PORTAL_PATH = '/portal/login';

/** The page; it does not come from the API or storage. */
export const portalPage = (status: number): ModelReply => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  text:
    '<!DOCTYPE html><html><head><title>Guest network</title></head><body><h1>Welcome to the guest network</h1>' +
    '<form method="post"><p>Please sign in.</p><input name="user"><input name="password" type="password"></form></body></html>',
});
