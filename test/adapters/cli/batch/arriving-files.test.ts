import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, it } from 'vitest';
import { arrivingFiles } from '../../../../src/adapters/cli/batch/watch/arriving-files.js';

it('takes each content of a file once, empty ones too, and no folder, broken link or unfinished file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'goal-lane-arriving-'));
  const put = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const stop = new AbortController();
  const taken: string[] = [];
  put('a.txt', 'a');
  put('empty.txt', '');
  for (const name of ['.hidden', 'b.part', 'c~']) put(name, 'x');
  mkdirSync(join(folder, 'sub'));
  symlinkSync(join(folder, 'nowhere'), join(folder, 'broken.txt'));
  try {
    for await (const { path, sha256 } of arrivingFiles(folder, {
      signal: stop.signal,
      everyMs: 2,
      quietMs: 8,
    })) {
      taken.push(`${basename(path)} ${sha256.slice(0, 6)}`);
      if (taken.length === 2) {
        put('a.txt', 'another');
        renameSync(join(folder, 'b.part'), join(folder, 'b.txt'));
      }
      if (taken.length === 4) stop.abort();
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(taken.slice(0, 2).sort()).toEqual(['a.txt ca9781', 'empty.txt e3b0c4']);
  expect(taken.slice(2).sort()).toEqual(['a.txt ae448a', 'b.txt 2d7116']);
});
