import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withBatchSite } from './batch-site.js';

describe.concurrent('ways to run a batch', () => {
  it('starts no further job after one that failed, with --fail-fast, and ends with its code', () =>
    withBatchSite(async ({ place, manifest, translation, creates, report }) => {
      place.file('scan.pdf');
      const bad = { workflowId: 'goal_lane.scan_to_text', files: ['scan.pdf'], id: 'bad', priority: 1 };
      const path = manifest([...['a', 'b', 'c', 'd'].map((id) => translation(id)), bad]);
      const told = await place.run(['batch', path, '--fail-fast', '--concurrency', '1', '--json']);
      expect([told.code, told.last().exitCode, told.last().type]).toEqual([1, 1, 'failed']);
      expect(creates()).toBeLessThanOrEqual(2);
      expect(report().find(({ id }) => id === 'bad')).toMatchObject({
        state: 'failed',
        failure: { kind: 'job-failed' },
      });
      expect(report().filter(({ state }) => state === 'not-started').length).toBeGreaterThanOrEqual(3);
    }));

  it('takes files with --per-file and --together, and says a line at each end', () =>
    withBatchSite(async ({ place, creates, report }) => {
      for (const name of ['a.txt', 'b.txt']) place.file(name);
      const flags = ['--workflow', 'goal_lane.translation', '--slot', 'target_language=de', 'a.txt', 'b.txt'];
      const each = await place.run(['batch', ...flags, '--per-file', '--out', 'each']);
      expect([each.code, creates(), report('each').length]).toEqual([0, 2, 2]);
      // Without a terminal: a line a job's end.
      expect(each.stderr.match(/^\[[ab]-[0-9a-f]{12}\] Saved /gm)).toHaveLength(2);
      const all = await place.run(['batch', ...flags, '--together', '--out', 'all', '--json']);
      expect([all.code, creates(), report('all').length]).toEqual([0, 3, 1]);
      const id = report('all')[0]?.id;
      for (const line of all.lines().filter(({ type }) => type === 'created' || type === 'progress'))
        expect(line.id).toBe(id);
    }));

  it(
    'makes one job of each file that comes into a folder, across restarts',
    () =>
      withBatchSite(async ({ place, creates, report }) => {
        mkdirSync(join(place.dir, 'inbox'));
        const put = (name: string, text: string): void => writeFileSync(join(place.dir, 'inbox', name), text);
        const watch = [
          'batch',
          '--watch',
          'inbox',
          '--workflow',
          'goal_lane.translation',
          '--slot',
          'target_language=de',
        ];
        put('one.txt', 'one');
        put('two.txt.part', 'not yet');
        const first = place.start(watch);
        await first.shows(/\[one-[0-9a-f]{12}\] Saved/);
        put('two.txt', 'two');
        await first.shows(/\[two-[0-9a-f]{12}\] Saved/);
        first.child.kill('SIGKILL');
        await first.result;
        // As jobs end, not at the end of the watch: it may last for weeks.
        const names = () => report().map(({ id }) => String(id).slice(0, -13));
        expect(names()).toEqual(['one', 'two']);
        // As if it had been killed before the line of the second, or within it.
        const reportFile = join(place.dir, 'goal-lane-results', 'batch-report.jsonl');
        writeFileSync(reportFile, readFileSync(reportFile, 'utf8').replace(/\n.*\n$/, '\n{"id":"two-'));
        put('three.txt', 'three');
        const second = place.start(watch);
        await second.shows(/\[three-[0-9a-f]{12}\] Saved/);
        put('one.txt', 'another one');
        await second.shows(/\[one-[0-9a-f]{12}\] Saved/);
        expect(creates()).toBe(4);
        second.child.kill('SIGINT');
        expect((await second.result).code).toBe(130);
        expect(creates()).toBe(4);
        expect(names()).toEqual(['one', 'two', 'three', 'one']);
        expect(report()[1]).toMatchObject({ state: 'completed', skipped: true });
        expect(new Set(report().map(({ id, sha256 }) => `${id} ${sha256}`)).size).toBe(4);
      }),
    60_000,
  );
});
