import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../../../src/adapters/cli/run-cli.js';
import { JobsTable, progressInWords } from '../../../../src/adapters/cli/say/jobs-table.js';
import { createTerminalScreen } from '../../../../src/adapters/cli/say/terminal-screen.js';
import { openJobStore } from '../../../../src/engine/store/open-job-store.js';
import type { JobRecord } from '../../../../src/engine/store/record/job-record.js';
import { summaryOf } from '../../../../src/engine/store/record/job-summary.js';
import { startReferenceServer } from '../../../e2e/reference-server.js';
import { leaseOf, sampleRecord } from '../../../engine/store/sample-record.js';
import { createFakeIo } from '../fake-io.js';

const SHOW_CURSOR = '\u001b[?25h';
const HIDE_CURSOR = '\u001b[?25l';

describe('the screen of a terminal', () => {
  it('keeps lines above the bar, and gives the cursor back', () => {
    const { io, stderr } = createFakeIo({}, true);
    const screen = createTerminalScreen(io.stderr, { now: () => 0 });
    screen.bar('working', 0.456);
    screen.line('a line');
    screen.clearBar();
    const shown = stderr();
    expect(shown).toContain('█');
    expect(shown).toMatch(/ 45 % {2}working/);
    expect(shown.indexOf('a line\n')).toBeGreaterThan(shown.indexOf('working'));
    expect(shown.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(shown.lastIndexOf(HIDE_CURSOR));
  });

  it('holds lines and bar back while a prompt has it, one prompt at a time', async () => {
    const { io, stderr } = createFakeIo({}, true);
    const screen = createTerminalScreen(io.stderr, { now: () => 0 });
    const order: string[] = [];
    const prompt = (name: string) =>
      screen.lend(async () => {
        order.push(`${name} begins`);
        screen.line(`line during ${name}`);
        screen.bar('working', 0.5);
        await new Promise((resolve) => setImmediate(resolve));
        order.push(`${name} ends: ${stderr().includes(`line during ${name}`)}`);
      });
    await Promise.all([prompt('one'), prompt('two')]);
    expect(order).toEqual(['one begins', 'one ends: false', 'two begins', 'two ends: false']);
    expect(stderr()).toBe('line during one\nline during two\n');
  });

  it('continues after a prompt that threw', async () => {
    const { io, stderr } = createFakeIo({}, true);
    const screen = createTerminalScreen(io.stderr, { now: () => 0 });
    await expect(screen.lend(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    await screen.lend(async () => undefined);
    screen.line('after');
    expect(stderr()).toBe('after\n');
  });
});

describe('a terminal that cannot move its cursor', () => {
  it.each([
    ['xterm', true],
    ['dumb', false],
  ])('TERM=%s: control characters are %s, and a question is for a prompt alone', async (TERM, isDrawn) => {
    const server = await startReferenceServer({ slots: [{ slotId: 'tone' }] });
    const folder = mkdtempSync(join(tmpdir(), 'goal-lane-term-'));
    writeFileSync(join(folder, 'cv.txt'), 'my cv');
    const env = { TERM, CONVILYN_API_KEY: server.key, CONVILYN_BASE_URL: server.baseUrl };
    const { io, stdin, stderr } = createFakeIo(env, true);
    const argv = ['run', 'goal_lane.cover_letter', join(folder, 'cv.txt'), '--out', folder];
    const code = runCli(argv, io);
    if (isDrawn) {
      await expect.poll(stderr, { timeout: 10_000 }).toContain('tone');
      stdin.end();
    }
    expect(await code).toBe(isDrawn ? 130 : 3);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
    expect(/[\u001b\r]/.test(stderr())).toBe(isDrawn);
    await server.close();
  });
});

describe('the table of jobs', () => {
  const now = Date.UTC(2026, 2, 30, 12);
  const record: JobRecord = {
    schemaVersion: 1,
    id: 'abc',
    workflowId: 'goal_lane.\u001b[2Jletter',
    jobSpecId: 'job_1',
    state: 'executing',
    tags: [],
    step: 'generating_output',
    progress: 45,
    waitsFor: { reason: 'a rate limit', until: now + 37_000 },
    createdAt: now - 245_000,
    updatedAt: now,
    input: {},
    snapshot: {},
    files: [],
    retention: {},
  };

  it('says what each waits for, and how old it is', () => {
    const table = new JobsTable(now).draw([summaryOf(record)]);
    const row = table.split('\n').find((line) => line.includes('abc')) ?? '';
    expect(row).toContain('goal_lane.␛[2Jletter');
    expect(row).toMatch(
      /executing .*generating_output .*█████░░░░░ 45 % .*4 min 5 s .*a rate limit until \d\d:\d\d:37/,
    );
    expect(table).not.toContain('\u001b');
  });

  it('fits the terminal, with the end of a long path, and takes one line a job anywhere else', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'goal-lane-table-')), 'jobs.db');
    const store = await openJobStore({ path });
    const file = `/home/ada/${'a-long-folder/'.repeat(8)}output (1).zip`;
    const completed = { file, bytes: 1, sha256: 'ab'.repeat(32) };
    for (const more of [{}, { state: 'completed', completed }, { waitsFor: { reason: 'a rate limit' } }]) {
      const stored = sampleRecord(`abcdefg${Object.keys(more).length}`, more);
      await store.save(stored, { lease: await leaseOf(store, stored.id), effect: false });
    }
    await store.close();
    const linesOf = async (terminal: object): Promise<string[]> => {
      const fake = createFakeIo({ GOAL_LANE_STORE: path });
      await runCli(['jobs'], { ...fake.io, stdout: Object.assign(fake.io.stdout, terminal) });
      return fake.stdout().trimEnd().split('\n');
    };
    for (const columns of [20, 40, 60, 70, 80, 100]) {
      const lines = await linesOf({ isTTY: true, columns });
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      const words = lines.join(' ').replace(/[│┌─┐├┼┤└┴┬\s]/g, '');
      for (const word of ['abcdefg2', 'generating', '45%', 'resume:no', 'output', '(1).'])
        expect(words).toContain(word);
    }
    const whole = await linesOf({});
    expect(await linesOf({ isTTY: true, columns: 300 })).toEqual(whole);
    expect(whole).toHaveLength(7);
    expect(whole.join()).toContain(file);
  });

  it('shows progress between nothing and all', () => {
    expect([undefined, -5, 0, 99.9, 250].map(progressInWords)).toEqual([
      '',
      '░░░░░░░░░░ 0 %',
      '░░░░░░░░░░ 0 %',
      '██████████ 99 %',
      '██████████ 100 %',
    ]);
  });
});
