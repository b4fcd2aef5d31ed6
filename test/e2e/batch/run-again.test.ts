import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sha256Of, withBatchSite } from './batch-site.js';

describe('the same manifest again', () => {
  it(
    'skips what is saved, fetches what is gone, reports what has changed, and creates nothing twice',
    () =>
      withBatchSite(async ({ place, manifest, translation, report, creates }) => {
        const ids = ['one', 'two', 'three', 'four'];
        const jobs = ids.map((id) => translation(id));
        const path = manifest(jobs);
        const first = await place.run(['batch', path]);
        expect([first.code, creates()]).toEqual([0, 4]);
        for (const line of report()) {
          expect(line).toMatchObject({ state: 'completed', exitCode: 0, seconds: expect.any(Number) });
          expect(line.file).toBe(join(place.dir, 'goal-lane-results', String(line.id), 'output.zip'));
          expect(sha256Of(String(line.file))).toBe(line.sha256);
        }
        expect(first.stdout.split('\n').filter((line) => /^[0-9a-f]{64} {2}\//.test(line))).toHaveLength(4);

        const second = await place.run(['batch', path, '--json']);
        expect([second.code, creates()]).toEqual([0, 4]);
        const skipped = second.lines().filter(({ type }) => type === 'skipped');
        expect(skipped.map(({ id }) => id).sort()).toEqual([...ids].sort());
        expect(second.last()).toMatchObject({ type: 'completed', count: 4, saved: 4 });

        const out = join(place.dir, 'goal-lane-results');
        rmSync(join(out, 'one', 'output.zip'));
        writeFileSync(join(out, 'two', 'output.zip'), 'something else');
        manifest([
          ...jobs.slice(0, 2),
          translation('three', { slots: { target_language: 'fr' } }),
          jobs[3] ?? {},
        ]);
        writeFileSync(join(place.dir, 'four.txt'), 'another text');
        const third = await place.run(['batch', path, '--json']);
        expect([third.code, creates()]).toEqual([2, 4]);
        const [one, two, three, four] = report();
        expect(one).toMatchObject({ state: 'completed', file: join(out, 'one', 'output.zip') });
        expect(sha256Of(String(one?.file))).toBe(one?.sha256);
        expect(two).toMatchObject({ state: 'completed', file: join(out, 'two', 'output (1).zip') });
        expect(three).toMatchObject({
          state: 'changed',
          exitCode: 2,
          message: expect.stringContaining('slots.target_language'),
        });
        expect(four).toMatchObject({
          state: 'changed',
          exitCode: 2,
          message: expect.stringContaining('four.txt'),
        });

        const fourth = await place.run(['batch', path, '--json']);
        expect([fourth.code, creates()]).toEqual([2, 4]);
        expect(fourth.lines().filter(({ type }) => type === 'completed')).toEqual([]);

        const forgotten = await place.run(['forget', 'three', 'four']);
        expect(forgotten.code).toBe(0);
        const fifth = await place.run(['batch', path]);
        expect([fifth.code, creates()]).toEqual([0, 6]);
      }),
    60_000,
  );
});
