import type { ModelReply } from './messages.js';

/** Path of a login page such as a captive portal has; both origins serve it to everybody, for redirects that lead there. */
export const PORTAL_PATH = '/portal/login';

/** The page: nothing of it is the API's or storage's word. */
export const portalPage = (status: number): ModelReply => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  text:
    '<!DOCTYPE html><html><head><title>Guest network</title></head><body><h1>Welcome to the guest network</h1>' +
    '<form method="post"><p>Please sign in.</p><input name="user"><input name="password" type="password"></form></body></html>',
});
