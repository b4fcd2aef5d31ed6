import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runInTerminal } from '../terminal.js';
import { type BatchSite, withBatchSite } from './batch-site.js';

/** Ids of the lines in the order in which their jobs were created. */
function createdOrder({ emulator, report }: BatchSite, out?: string): unknown[] {
  const lines = report(out);
  return emulator.log.flatMap(({ effect }) =>
    effect?.type === 'created' ? lines.find(({ jobSpecId }) => jobSpecId === effect.jobSpecId)?.id : [],
  );
}

describe.concurrent('what a line and a flag say about a job', () => {
  it('starts lines of a higher priority first, and saves into their own folder, relative to the manifest', () =>
    withBatchSite(async (site) => {
      const { place, translation, manifest, report } = site;
      mkdirSync(join(place.dir, 'in'));
      const jobs = ['low', 'high', 'middle'].map((id) => translation(id, { files: [`../${id}.txt`] }));
      const [low, high, middle] = jobs;
      const lines = [{ ...low, priority: -1 }, { ...high, priority: 2.5, out: 'letters' }, { ...middle }];
      const path = manifest(lines, join('in', 'jobs.jsonl'));
      const told = await place.run(['batch', path, '--concurrency', '1', '--out', 'out']);
      expect(told.code, told.stderr).toBe(0);
      expect(createdOrder(site, 'out')).toEqual(['high', 'middle', 'low']);
      expect(report('out').map(({ file }) => file)).toEqual([
        join(place.dir, 'out', 'low', 'output.zip'),
        join(place.dir, 'in', 'letters', 'high', 'output.zip'),
        join(place.dir, 'out', 'middle', 'output.zip'),
      ]);
    }));

  it('ends with 5 after --max-wait of the whole batch, and the same command does the rest', () =>
    withBatchSite(
      async ({ place, translation, manifest, creates, report, emulator }) => {
        const path = manifest(['a', 'b', 'c'].map((id) => translation(id)));
        const first = await place.run(['batch', path, '--concurrency', '1', '--max-wait', '0.01', '--json']);
        expect([first.code, first.last().exitCode]).toEqual([5, 5]);
        expect(report()[0]).toMatchObject({ state: 'not-started', exitCode: 5 });
        expect(creates()).toBe(0);
        const second = await place.run(['batch', path]);
        expect([second.code, creates()]).toEqual([0, 3]);
        expect(emulator.log.filter(({ status }) => status === 429)).toEqual([]);
      },
      { speed: 6 },
    ));

  it('ends with 3 with --confirm manual where nobody can be asked; forget --ended then keeps what can be resumed', () =>
    withBatchSite(async ({ place, translation, manifest, report }) => {
      const [done, asks] = [translation('done'), translation('asks')];
      expect((await place.run(['batch', manifest([done])])).code).toBe(0);
      const both = manifest([done, asks], 'both.jsonl');
      expect((await place.run(['batch', both, '--confirm', 'manual'])).code).toBe(3);
      expect(report().map(({ exitCode }) => exitCode)).toEqual([0, 3]);
      const forgotten = await place.run(['forget', '--ended', '--json']);
      expect(forgotten.lines().filter(({ type }) => type === 'forgotten')).toMatchObject([{ id: 'done' }]);
      const left = (await place.run(['jobs', '--json'])).lines().filter(({ type }) => type === 'job');
      expect(left).toMatchObject([{ id: 'asks', canResume: true }]);
    }));

  it('asks for each job with --confirm manual at a terminal, in colours with FORCE_COLOR', () =>
    withBatchSite(async ({ place, translation, manifest, emulator, report }) => {
      const run = runInTerminal(
        ['batch', manifest([translation('a'), translation('b')]), '--confirm', 'manual'],
        {
          cwd: place.dir,
          env: {
            CONVILYN_API_KEY: emulator.apiKey,
            CONVILYN_BASE_URL: emulator.baseUrl,
            GOAL_LANE_STORE: 's.db',
            FORCE_COLOR: '1',
          },
        },
      );
      const first = await run.shows(/\[[ab]\] The job is ready\.[\s\S]*◆/);
      const other = first.includes('[a] The job') ? 'b' : 'a';
      run.pty.write('y');
      await run.shows(new RegExp(`\\[${other}\\] The job is ready\\.[\\s\\S]*◆`));
      run.pty.write('y');
      expect(await run.exitCode).toBe(0);
      expect(report().map(({ state }) => state)).toEqual(['completed', 'completed']);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours are told by one.
      expect(run.raw()).toMatch(/\u001b\[(3[0-7]|9[0-7])m/);
    }));
});
