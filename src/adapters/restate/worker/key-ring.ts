import { readFileSync, statSync } from 'node:fs';
import { refuseInput } from '../../../services/refuse-input.js';
import type { GoalWorkerOptions, KeyRing } from '../worker-options.js';

export type { KeyRing };

const isPlain = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Converts the `keys` option to a key ring. */
export function ringOf(keys: GoalWorkerOptions['keys']): KeyRing {
  if (typeof keys === 'function') return { keyOf: keys };
  if (typeof keys.keyOf === 'function') return { keyOf: keys.keyOf.bind(keys) };
  return { keyOf: (keyId) => (Object.hasOwn(keys, keyId) ? String(Reflect.get(keys, keyId)) : undefined) };
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

/**
 * Keys of a JSON file, name → key, that only its owner may read. It is read again when it has changed.
 * @throws InvalidInputError if others may read it (its mode must be 0600), or it is invalid
 */
export function keysFromFile(path: string): KeyRing {
  let known: { readonly mtimeMs: number; readonly keys: Readonly<Record<string, unknown>> } | undefined;

  function read(): Readonly<Record<string, unknown>> {
    const { mode, mtimeMs } = statSync(path);
    if ((mode & 0o077) !== 0)
      refuseInput([`${path} can be read by others`], `Close it: chmod 600 ${JSON.stringify(path)}`);
    if (known?.mtimeMs === mtimeMs) return known.keys;
    const keys: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (!isPlain(keys)) refuseInput([`${path} is not an object of keys`], 'Write it as { "name": "key" }.');
    known = { mtimeMs, keys: { ...keys } };
    return known.keys;
  }

  read();
  return {
    keyOf(keyId) {
      const keys = read();
      const key = Object.hasOwn(keys, keyId) ? keys[keyId] : undefined;
      return typeof key === 'string' && key !== '' ? key : undefined;
    },
  };
}
