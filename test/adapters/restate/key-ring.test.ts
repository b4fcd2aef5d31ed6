import { chmod, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keysFromEnv, keysFromFile } from '../../../src/adapters/restate/index.js';

describe('the keys of a file', () => {
  let folder = '';
  let path = '';
  let writes = 0;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'goal-lane-keys-'));
    path = join(folder, 'keys.json');
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await rm(folder, { recursive: true, force: true });
  });

  async function write(text: string, mode = 0o600): Promise<void> {
    await writeFile(path, text);
    await chmod(path, mode);
    writes += 1;
    // Two writes within one tick of the file system's clock.
    await utimes(path, writes, writes);
  }

  it('are read again when the file has changed, and never by others', async () => {
    await write('{ "default": "sk_one" }');
    const ring = keysFromFile(path);
    expect([ring.keyOf('default'), ring.keyOf('toString')]).toEqual(['sk_one', undefined]);
    await write('{ "default": "sk_two", "eu": "sk_eu" }');
    expect([ring.keyOf('default'), ring.keyOf('eu')]).toEqual(['sk_two', 'sk_eu']);
    await write('{}', 0o640);
    expect(() => keysFromFile(path)).toThrow(`${path} can be read by others`);
  });

  it('stay as they were while the file cannot be used, which the process warns of once', async () => {
    const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
    await write('{ "default": "sk_one" }');
    const ring = keysFromFile(path);
    // Half of it is written.
    await write('{ "default": "sk_tw');
    expect([ring.keyOf('default'), ring.keyOf('default')]).toEqual(['sk_one', 'sk_one']);
    expect(warned).toHaveBeenCalledTimes(1);
    expect(JSON.stringify(warned.mock.calls)).not.toContain('sk_');
    await write('{ "default": "sk_two" }');
    expect(ring.keyOf('default')).toBe('sk_two');
    await rm(path);
    expect(ring.keyOf('default')).toBe('sk_two');
  });

  it.each([
    ['no JSON', 'sk_secret'],
    ['a list', '["sk_secret"]'],
    ['a key that is no text', '{ "default": ["sk_secret"] }'],
    ['an empty key', '{ "default": "" }'],
  ])('are refused without being shown: %s', async (_, text) => {
    await write(text);
    let refusal: unknown;
    try {
      keysFromFile(path);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ failure: { kind: 'invalid-input' } });
    expect(JSON.stringify(refusal)).not.toContain('sk_');
  });
});

it('the keys of the environment have the names of their variables', () => {
  const ring = keysFromEnv({
    CONVILYN_API_KEY: ' sk_one ',
    CONVILYN_API_KEY_EU: 'sk_eu',
    CONVILYN_API_KEY_US: ' ',
  });
  expect(['default', 'eu', 'us', 'asia'].map(ring.keyOf)).toEqual(['sk_one', 'sk_eu', undefined, undefined]);
});
