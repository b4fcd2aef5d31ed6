import { readFileSync, statSync } from 'node:fs';
import { refuseInput } from '../../../services/refuse-input.js';
import type { GoalWorkerOptions, KeyRing } from '../worker-options.js';

export type { KeyRing };

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isKey = (key: unknown): key is string => typeof key === 'string' && key.trim() !== '';

const keyOrNone = (key: unknown): string | undefined => (isKey(key) ? key : undefined);

/** Converts the `keys` option to a key ring. */
export function ringOf(keys: GoalWorkerOptions['keys']): KeyRing {
  if (typeof keys === 'function') return { keyOf: keys };
  if (typeof keys.keyOf === 'function') return { keyOf: keys.keyOf.bind(keys) };
  const named = new Map(Object.entries<unknown>({ ...keys }));
  return { keyOf: (keyId) => keyOrNone(named.get(keyId)) };
}

/** Keys of the environment: `CONVILYN_API_KEY` is the key `default`, `CONVILYN_API_KEY_EU` the key `eu`. */
export function keysFromEnv(env: Readonly<Record<string, string | undefined>> = process.env): KeyRing {
  return {
    keyOf(keyId) {
      const name = keyId === 'default' ? 'CONVILYN_API_KEY' : `CONVILYN_API_KEY_${keyId.toUpperCase()}`;
      return env[name]?.trim() || undefined;
    },
  };
}

const FORM = 'Write it as { "name": "key" }, mode 0600.';

/** The error of a parser would show a part of the file (law 5, never leaked). */
function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    refuseInput([`${path} is not JSON`], FORM);
  }
}

/** @throws InvalidInputError if others may read the file, or it is not an object of keys; the system's error if there is none */
function readKeys(path: string, mode: number): Readonly<Record<string, unknown>> {
  if ((mode & 0o077) !== 0)
    refuseInput([`${path} can be read by others`], `Close it: chmod 600 ${JSON.stringify(path)}`);
  const keys = parsed(path, readFileSync(path, 'utf8'));
  if (!isPlain(keys)) refuseInput([`${path} is not an object of keys`], FORM);
  const faults = Object.keys(keys).filter((name) => !isKey(keys[name]));
  if (faults.length > 0)
    refuseInput(
      faults.map((name) => `${path}: ${name} is not a key`),
      FORM,
    );
  return { ...keys };
}

/**
 * Keys of a JSON file, name → key, that only its owner may read. It is read again when it has changed; if it cannot be used then,
 * which the process warns of, the keys stay as they were.
 * @throws InvalidInputError if others may read it (its mode must be 0600), or it is invalid
 */
export function keysFromFile(path: string): KeyRing {
  const { mode, mtimeMs } = statSync(path);
  let keys = readKeys(path, mode);
  let readAt = mtimeMs;
  let warnedOf = '';

  function readAgain(): void {
    try {
      const now = statSync(path);
      if (now.mtimeMs === readAt) return;
      keys = readKeys(path, now.mode);
      readAt = now.mtimeMs;
      warnedOf = '';
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      if (what !== warnedOf) process.emitWarning(`${what}; its keys stay as they were`);
      warnedOf = what;
    }
  }

  return {
    keyOf(keyId) {
      readAgain();
      return keyOrNone(Object.hasOwn(keys, keyId) ? keys[keyId] : undefined);
    },
  };
}
