import { isLoopback } from '../../../services/http/is-loopback.js';
import { UsageError } from '../ends/usage-error.js';
import { packageVersion } from '../version.js';
import type { CommonFlags } from './flags.js';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The key, only from the environment: a flag would be visible in the list of processes.
 * @throws UsageError
 */
export function apiKeyFrom(env: Env): string {
  const key = env.CONVILYN_API_KEY?.trim() ?? '';
  if (key !== '') return key;
  throw new UsageError(
    'no API key: CONVILYN_API_KEY is not set',
    'Set it to a key from your account settings; to try without one: goal-lane demo',
  );
}

/** The flag, otherwise `CONVILYN_BASE_URL`; undefined: the URL of the API reference. */
export const baseUrlFrom = (flag: string | undefined, env: Env): string | undefined =>
  flag ?? (env.CONVILYN_BASE_URL?.trim() || undefined);

/** Whether the key would be sent unencrypted over a network. */
export function isKeyInClear(baseUrl: string): boolean {
  if (!URL.canParse(baseUrl)) return false;
  const { protocol, hostname } = new URL(baseUrl);
  return protocol === 'http:' && !isLoopback(hostname);
}

/**
 * `--max-wait SECONDS` as ms.
 * @throws UsageError
 */
export function parseMaxWait(flag: string): number {
  const seconds = flag.trim() === '' ? Number.NaN : Number(flag);
  if (!Number.isFinite(seconds) || seconds < 0) {
    throw new UsageError(
      `--max-wait ${flag}: not a number of seconds`,
      'Write --max-wait 600 for ten minutes.',
    );
  }
  return Math.round(seconds * 1_000);
}

/**
 * `--port N`; 0 means any free port.
 * @throws UsageError
 */
export function parsePort(flag: string): number {
  const port = /^\d+$/.test(flag) ? Number(flag) : Number.NaN;
  if (!(port <= 65_535))
    throw new UsageError(`--port ${flag}: not a port`, 'Write a number from 0 to 65535.');
  return port;
}

/** `--trace FILE.har` and `--trace-values`. @throws UsageError */
export function traceOf({ trace, traceValues }: Pick<CommonFlags, 'trace' | 'traceValues'>) {
  if (trace === undefined) return undefined;
  if (trace.trim() === '')
    throw new UsageError('--trace: the path is empty', 'Name a file, such as trace.har.');
  return { file: trace, version: packageVersion(), values: traceValues === true };
}
