import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFolder } from '../../../src/engine/store/make-folder.js';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'goal-lane-folder-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('makeFolder', () => {
  it('makes the folders above too, by several at once', async () => {
    const path = join(dir, 'a', 'b', 'c');
    await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(dir, 'a', 'd'))]);
    expect(statSync(path).isDirectory()).toBe(true);
    await makeFolder(path);
  });

  it('refuses where a file is in the way', async () => {
    writeFileSync(join(dir, 'file'), '');
    await expect(makeFolder(join(dir, 'file'))).rejects.toThrow('EEXIST');
    await expect(makeFolder(join(dir, 'file', 'x'))).rejects.toThrow('EEXIST');
  });

  it.runIf(process.platform === 'linux')('returns where a folder can hold no other', async () => {
    await expect(makeFolder('/proc/goal-lane')).rejects.toThrow('ENOENT');
  });
});
