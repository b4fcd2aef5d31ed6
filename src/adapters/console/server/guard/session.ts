import { randomBytes } from 'node:crypto';
import type { Hono } from 'hono';
import * as z from 'zod';
import { ConsoleError } from '../console-error.js';
import { readJson } from '../routes/read-json.js';
import { isSame } from './guards.js';

export interface Session {
  /** The value of the cookie: it is not the token, and is invalid after a restart. */
  readonly secret: string;
  readonly cookieName: string;
  /** Adds the route that exchanges the token for the cookie. */
  readonly addTo: (app: Hono) => void;
}

const MINUTE = 60_000;
const WRONG_TRIES_A_MINUTE = 10;

/** For access beyond the loopback: the token of the link is exchanged once for a cookie. */
export function createSession(token: string, port: number, now: () => number): Session {
  const secret = randomBytes(32).toString('base64url');
  // Cookies ignore ports: two consoles on one machine must not overwrite each other's.
  const cookieName = `goal-lane-${port}`;
  let wrong: number[] = [];
  return {
    secret,
    cookieName,
    addTo(app) {
      app.post('/api/session', async (c) => {
        wrong = wrong.filter((at) => now() - at < MINUTE);
        if (wrong.length >= WRONG_TRIES_A_MINUTE)
          throw new ConsoleError(429, 'too_many_tries', 'Too many wrong tokens. Wait a minute.');
        const given = await readJson(c, z.object({ token: z.string().max(500) }));
        if (!isSame(given.token, token)) {
          wrong.push(now());
          throw new ConsoleError(401, 'wrong_token', 'This is not the token that goal-lane serve printed.');
        }
        c.header('Set-Cookie', `${cookieName}=${secret}; HttpOnly; SameSite=Strict; Path=/`);
        return c.json({ status: 'ok' });
      });
    },
  };
}
