import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/adapters/emulator/index.js';
import { allBlocks, programsOf } from '../docs/page-code.js';
import { readersFolder, runProgram } from './page-runner.js';

const programs = programsOf(allBlocks()).filter(({ block }) => block.marks.includes('runs'));

let emulator: Emulator;
let folder = '';
beforeAll(async () => {
  // As fast as the pace of 2 s lets a client see it.
  emulator = await startEmulator({ speed: 20, plan: 'business' });
  folder = await mkdtemp(join(tmpdir(), 'goal-lane-runs-'));
});
afterAll(async () => {
  await emulator.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the programs of the pages', () => {
  it('are those that say so', () => {
    expect(programs.map(({ block }) => block.page)).toEqual([
      'docs/emulator.md',
      'docs/guides/edge.md',
      'docs/guides/many-jobs.md',
      'docs/guides/worker.md',
      'docs/guides/xstate-parent.md',
      'docs/start.md',
      'docs/testing.md',
      'docs/testing.md',
      'docs/testing.md',
    ]);
  });

  // At once: they wait for the server, not for a processor.
  it.concurrent.each(programs)(
    '$file runs as it stands',
    async ({ file, source, block }) => {
      const own = join(folder, file);
      execFileSync('mkdir', ['-p', own]);
      await readersFolder(own);
      const said = block.marks.flatMap((mark) =>
        mark.startsWith('says ') ? [mark.slice('says '.length)] : [],
      );
      const program = await runProgram(own, 'page', source, emulator);
      expect({ code: await program.ended, printed: program.printed() }).toMatchObject({ code: 0 });
      // What ended well has said so, or asserts it itself.
      if (!source.includes("from 'node:assert")) expect(said.length).toBeGreaterThan(0);
      for (const words of said) expect(program.printed()).toContain(words);
      expect(program.printed()).not.toMatch(/undefined|Warning/);
      if (block.page !== 'docs/guides/worker.md') return;
      // What the worker's page promises: its queue delivers the same orders again.
      const again = await runProgram(own, 'page', source, emulator);
      expect([await again.ended, again.printed()]).toEqual([0, 'resumed: 0\n']);
    },
    60_000,
  );
});
