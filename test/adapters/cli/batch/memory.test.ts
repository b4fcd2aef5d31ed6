import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { type CheckedBatch, checkLines } from '../../../../src/adapters/cli/batch/check/check-lines.js';
import { createSpool } from '../../../../src/adapters/cli/batch/check/spool.js';
import type { RawLine } from '../../../../src/adapters/cli/batch/manifest/batch-line.js';
import { createOutcomeBook } from '../../../../src/adapters/cli/batch/run/outcome-book.js';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

async function memory(): Promise<number> {
  // Buffers are released a turn after the collection that found them.
  for (let nth = 0; nth < 4; nth += 1) {
    collect();
    await nextTurn();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

type Fields = (line: number) => RawLine['fields'];

async function* linesOf(count: number, fields: Fields): AsyncGenerator<RawLine> {
  for (let line = 1; line <= count; line += 1) yield { line, fields: fields(line), findings: [] };
}

/** As `runBatch` does: the index of the ids is let go of before the jobs run. */
const withoutIndex = ({ hasId: _index, ...batch }: CheckedBatch): Omit<CheckedBatch, 'hasId'> => batch;

/** Checks lines whose job cannot be read in the store: no file is looked at. */
async function checked<Result>(
  count: number,
  fields: Fields,
  work: (
    batch: Omit<CheckedBatch, 'hasId'>,
    spool: Awaited<ReturnType<typeof createSpool>>,
  ) => Promise<Result>,
): Promise<Result> {
  const spool = await createSpool();
  try {
    const site = {
      folder: '/',
      spool,
      catalog: async () => [],
      load: () => Promise.reject(new Error('no')),
      common: {},
      now: () => 0,
      signal: new AbortController().signal,
    };
    return await work(withoutIndex(await checkLines(linesOf(count, fields), site)), spool);
  } finally {
    await spool.close();
  }
}

const named: Fields = (line) => ({ workflowId: 'wf', files: ['a.txt'], id: `line-${line}` });

describe('a manifest of many lines', () => {
  it('keeps less than 120 bytes of each line and its outcome in memory', async () => {
    const COUNT = 40_000;
    // What is compiled and cached once is no part of a line.
    await checked(500, named, async () => undefined);
    const before = await memory();
    const [after, read] = await checked(COUNT, named, async ({ lines }, spool) => {
      const book = createOutcomeBook(spool);
      for (const { line, workflowId } of lines)
        await book.note({
          line,
          id: `line-${line}`,
          workflowId,
          state: 'failed',
          exitCode: 1,
          message: 'no',
        });
      const used = await memory();
      const ids: string[] = [];
      for await (const { id } of book.outcomes(lines)) ids.push(id);
      return [used, ids] as const;
    });
    expect((after - before) / COUNT).toBeLessThan(120);
    expect(read).toEqual(Array.from({ length: COUNT }, (_, at) => `line-${at + 1}`));
  });

  it('gives each of many equal lines an id of its own, in a time that grows with their number alone', async () => {
    const same: Fields = () => ({ workflowId: 'wf', files: ['a.txt'] });
    const spent = async (count: number): Promise<number> => {
      const began = performance.now();
      await checked(count, same, async ({ lines, notes }) => {
        expect([[...lines].length, notes.length]).toEqual([count, 20]);
      });
      return performance.now() - began;
    };
    await spent(500);
    // Were every id tried from the beginning, it would take 64 times as long.
    expect((await spent(16_000)) / (await spent(2_000))).toBeLessThan(32);
  });
});
