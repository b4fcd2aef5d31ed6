import { UsageError } from './usage-error.js';

type Env = Readonly<Record<string, string | undefined>>;

export const DEFAULT_BASE_URL = 'https://api.convilyn.com/api/v1';

/**
 * The key, from the environment only: a flag would show in the list of processes.
 * @throws UsageError
 */
export function apiKeyFrom(env: Env): string {
  const key = env.CONVILYN_API_KEY?.trim() ?? '';
  if (key === '') {
    throw new UsageError(
      'no API key: CONVILYN_API_KEY is not set',
      'Set it to a key from your account settings; to try without one: goal-lane demo',
    );
  }
  // What an HTTP header cannot carry was not a key; its text is not repeated here.
  if (!/^[\x21-\x7e]+$/.test(key)) {
    throw new UsageError(
      'CONVILYN_API_KEY holds characters that no key has',
      'Copy the key again, without spaces or quotes.',
    );
  }
  return key;
}

const isWebAddress = (url: URL): boolean =>
  (url.protocol === 'https:' || url.protocol === 'http:') &&
  url.username === '' &&
  url.password === '' &&
  url.search === '' &&
  url.hash === '';

/**
 * The flag, then `CONVILYN_BASE_URL`, then the reference's own.
 * @throws UsageError
 */
export function baseUrlFrom(flag: string | undefined, env: Env): string {
  const text = flag ?? (env.CONVILYN_BASE_URL?.trim() || DEFAULT_BASE_URL);
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !isWebAddress(url)) {
    throw new UsageError(
      `${flag === undefined ? 'CONVILYN_BASE_URL' : '--base-url'}: not the address of an API`,
      `Write it like ${DEFAULT_BASE_URL}, without user, query or fragment.`,
    );
  }
  return text.replace(/\/+$/, '');
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether the key would travel in clear over a network. */
export function isKeyInClear(baseUrl: string): boolean {
  const { protocol, hostname } = new URL(baseUrl);
  return protocol === 'http:' && !LOOPBACK.test(hostname);
}

/**
 * `--max-wait SECONDS` as ms.
 * @throws UsageError
 */
export function parseMaxWait(flag: string): number {
  const seconds = flag.trim() === '' ? Number.NaN : Number(flag);
  if (!Number.isFinite(seconds) || seconds < 0) {
    throw new UsageError('--max-wait: not a number of seconds', 'Write --max-wait 600 for ten minutes.');
  }
  return Math.round(seconds * 1_000);
}

/**
 * `--port N`; 0 takes any that is free.
 * @throws UsageError
 */
export function parsePort(flag: string): number {
  const port = /^\d+$/.test(flag) ? Number(flag) : Number.NaN;
  if (!(port <= 65_535)) throw new UsageError('--port: not a port', 'Write a number from 0 to 65535.');
  return port;
}
