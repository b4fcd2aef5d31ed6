import { describe, expect, it } from 'vitest';
import { runInTerminal, type TerminalRun } from '../terminal.js';
import { type BatchSite, withBatchSite } from './batch-site.js';

const inTerminal = (
  { place, emulator }: BatchSite,
  args: readonly string[],
  size: { columns?: number; rows?: number; env?: Record<string, string> } = {},
): TerminalRun => {
  const { env, ...rest } = size;
  const known = {
    CONVILYN_API_KEY: emulator.apiKey,
    CONVILYN_BASE_URL: emulator.baseUrl,
    GOAL_LANE_STORE: 's.db',
  };
  return runInTerminal(args, { cwd: place.dir, env: { ...known, ...env }, ...rest });
};

describe('a batch on a terminal', () => {
  it('shows a line a running job within its height, the whole below them, and a table at the end', () =>
    withBatchSite(
      async (site) => {
        const jobs = Array.from({ length: 12 }, (_, at) => site.translation(`job-${at}`));
        const run = inTerminal(site, ['batch', site.manifest(jobs)], {
          columns: 90,
          rows: 12,
          env: { FORCE_HYPERLINK: '1' },
        });
        const shown = await run.shows(/Time left: /);
        expect(shown).toMatch(/░ 0 of 12 \(0 %\)\n.*0 done/);
        expect(shown).toMatch(/Key: \d+ of \d+ places taken/);
        const many = await run.shows(/… and \d+ more/);
        expect(many).toMatch(/^job-\d+ +[█░]{10} /m);
        const lines = many.split('\n');
        expect(lines).toHaveLength(12);
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(90);
        expect(await run.exitCode).toBe(0);
        const all = run.history().join('\n');
        // What was drawn is gone: only lines that stay are left.
        expect(all).not.toMatch(/Time left|Key: |… and/);
        for (const { id } of jobs as { id: string }[]) {
          expect(all).toContain(`[${id}] Saved `);
          expect(all).toMatch(new RegExp(`│ ${id} +│ completed │`));
        }
        expect(all).toContain('12 jobs: 12 saved. Report: ');
        expect(run.raw()).toContain('\u001b]8;;file:///');
        // The cursor was taken, and is given back.
        expect(run.raw().lastIndexOf('\u001b[?25h')).toBeGreaterThan(run.raw().lastIndexOf('\u001b[?25l'));
      },
      { speed: 8 },
    ));

  it('asks the questions of checkpoints one after another, with their job, while the others continue; --answers comes first', () =>
    withBatchSite(async (site) => {
      const tailored = ['cv-1', 'cv-2', 'cv-3'].map((id) =>
        site.translation(id, { workflowId: 'goal_lane.resume_tailor', slots: {} }),
      );
      const answered = { ...tailored[2], answers: { confirmed_titles: 'all of them' } };
      const path = site.manifest([tailored[0] ?? {}, tailored[1] ?? {}, answered, site.translation('tr-4')]);
      const run = inTerminal(site, ['batch', path], { env: { NO_COLOR: '1' } });
      const first = await run.shows(/\[cv-[12]\] Checkpoint[\s\S]*◆/);
      expect(first.match(/◆/g)).toHaveLength(1);
      const [, one = ''] = /\[(cv-[12])\] Checkpoint/.exec(first) ?? [];
      // Those without a question end meanwhile, although somebody is being asked.
      await expect
        .poll(() => site.emulator.log.filter(({ endpoint }) => endpoint === 'download').length, {
          timeout: 20_000,
        })
        .toBe(2);
      run.pty.write('engineer\r');
      const other = one === 'cv-1' ? 'cv-2' : 'cv-1';
      await run.shows(new RegExp(`\\[${other}\\] Checkpoint[\\s\\S]*◆`));
      run.pty.write('teacher\r');
      expect(await run.exitCode).toBe(0);
      expect(site.report().map(({ state }) => state)).toEqual(Array(4).fill('completed'));
      // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's colours begin with one.
      expect(run.raw()).not.toMatch(/\u001b\[(3[0-7]|9[0-7])m/);
    }));

  it('detaches on Ctrl-C in order, and the same command continues', () =>
    withBatchSite(
      async (site) => {
        const jobs = Array.from({ length: 3 }, (_, at) => site.translation(`job-${at}`));
        const path = site.manifest(jobs);
        const run = inTerminal(site, ['batch', path]);
        await run.shows(/^job-\d .*(starting|executing)/m);
        run.pty.write('\u0003');
        expect(await run.exitCode).toBe(130);
        expect(run.history().join('\n')).toContain('The same command line continues with the rest');
        const again = inTerminal(site, ['batch', path]);
        expect(await again.exitCode).toBe(0);
        expect([site.creates(), site.report().filter(({ state }) => state === 'completed').length]).toEqual([
          3, 3,
        ]);
      },
      { speed: 10 },
    ));
});
