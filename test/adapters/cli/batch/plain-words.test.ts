import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from '../../../../src/adapters/cli/run-cli.js';
import { type Emulator, startEmulator } from '../../../../src/adapters/emulator/index.js';
import { createFakeIo } from '../fake-io.js';

let folder = '';
let emulator: Emulator;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'goal-lane-words-'));
  emulator = await startEmulator({ speed: 500, plan: 'pro' });
  for (const name of ['a', 'b', 'c']) writeFileSync(join(folder, `${name}.txt`), name);
});
afterEach(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);

async function run(...argv: string[]) {
  const key = argv.includes('--wrong-key') ? 'sk_wrong' : emulator.apiKey;
  const fake = createFakeIo({
    CONVILYN_API_KEY: key,
    CONVILYN_BASE_URL: emulator.baseUrl,
    GOAL_LANE_STORE: at('jobs.db'),
  });
  const code = await runCli(
    argv.filter((word) => word !== '--wrong-key'),
    fake.io,
  );
  const lines = (): Record<string, unknown>[] =>
    fake
      .stdout()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { code, stderr: fake.stderr(), stdout: fake.stdout(), lines };
}

const batch = (path: string, ...more: string[]) =>
  run('batch', path, '--out', at('out'), '--no-input', ...more);

function manifest(lines: readonly object[], name = 'jobs.jsonl'): string {
  writeFileSync(at(name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return at(name);
}

const job = (name: string, more: object = {}) => ({
  workflowId: 'goal_lane.translation',
  files: [`${name}.txt`],
  slots: { target_language: 'de' },
  ...more,
});

const creates = (): number => emulator.log.filter(({ endpoint }) => endpoint === 'create').length;

describe('a batch says plainly', () => {
  it.each([
    ['empty.csv', ''],
    ['header.csv', 'workflowId,files\n'],
    ['blank.jsonl', '\n\n'],
  ])('that %s has no lines', async (name, text) => {
    writeFileSync(at(name), text);
    const { code, stderr } = await batch(at(name));
    expect(code).toBe(0);
    expect(stderr).toContain('The manifest has no lines: there is nothing to do');
    const [last] = (await batch(at(name), '--json')).lines();
    expect(last).toMatchObject({ type: 'completed', count: 0, message: expect.stringContaining('no lines') });
  });

  it('that a line without an id has changed, and not of one that moved', async () => {
    // Nothing is started: it is about what is said before.
    const look = (lines: readonly object[], ...more: string[]) =>
      batch(manifest(lines), '--max-wait', '0', ...more);
    await look([job('a'), job('b')]);
    const moved = await look([job('c'), job('a'), job('b')], '--json');
    expect(moved.lines().filter(({ type }) => type === 'note')).toEqual([]);
    const edited = [job('c'), job('a', { slots: { target_language: 'fr' } }), job('b')];
    const { stderr, stdout } = await look(edited, '--json');
    const said =
      /Line 2 has changed since the last run, where it was job a-[0-9a-f]{12}: it becomes a new job\./;
    expect(stderr).toMatch(said);
    expect(stdout).toMatch(said);
    expect(stderr).not.toMatch(/Line [13] has changed/);
  });

  it('every mistake of a line, whatever else is wrong with it', async () => {
    emulator.faults.add({ on: 'create', fault: { kind: 'reset', when: 'before' }, times: 1 });
    await batch(manifest([job('a', { id: 'one' })]));
    const lines = [
      job('a', { id: 'one' }),
      job('gone', { id: 'one', slots: { target_language: 'xx' } }),
      { id: 'one', files: ['gone.txt'], slots: { target_language: 'de' } },
      { id: 'four', workflowId: 'goal_lane.nothing', slots: {} },
      { id: 'five', workflowId: 'goal_lane.translation', slots: { target_language: 'xx' }, colour: 1 },
      { id: 'x/y', workflowId: 'goal_lane.translation', files: [], priority: 'high' },
    ];
    const { code, lines: shown } = await batch(manifest(lines), '--json');
    const findings = shown().at(-1)?.findings;
    expect(code).toBe(2);
    const fields = Array.isArray(findings) ? findings.map(({ line, field }) => `${line} ${field}`) : [];
    expect(fields).toEqual([
      '2 id',
      '2 files',
      '2 slots.target_language',
      '3 workflowId',
      '3 id',
      '3 files',
      '4 files',
      '4 workflowId',
      '5 colour',
      '5 files',
      '5 slots.target_language',
      '6 files',
      '6 id',
      '6 priority',
      '6 slots',
    ]);
    expect(creates()).toBe(1);
  });

  it('what a person has to decide, with the commands for all of it, while the rest is done', async () => {
    emulator.faults.add({ on: 'create', fault: { kind: 'reset', when: 'before' }, times: 2 });
    const path = manifest(['a', 'b', 'c'].map((name) => job(name, { id: name })));
    const { code, stderr } = await batch(path, '--concurrency', '1', '--store', at('jobs.db'));
    expect(code).toBe(6);
    expect(stderr).toContain('3 jobs: 1 saved, 2 left.');
    expect(stderr).toMatch(/^2 jobs wait for your decision: it is not known whether they were created/m);
    expect(stderr).not.toContain('The same command line continues');
    const command =
      /^ {2}If all of them are certainly not there: goal-lane (resume .*)$/m.exec(stderr)?.[1] ?? '';
    expect(command).toMatch(/^resume [abc] [abc] --retry --store \S+jobs\.db$/);
    const again = await batch(path, '--json');
    const undecided = command.split(' ').slice(1, 3);
    expect(again.lines().at(-1)).toMatchObject({ type: 'error', exitCode: 6, undecided });
    expect(creates()).toBe(3);
    const decided = await run(...command.split(' '), '--no-input', '--max-wait', '1');
    expect([decided.code, creates()]).toEqual([5, 5]);
  });
});

describe('a command says plainly', () => {
  it('that the key is refused, and keeps no job', async () => {
    const files = ['goal_lane.translation', at('a.txt'), '--slot', 'target_language=de'];
    const { code } = await run('run', ...files, '--out', at('out'), '--no-input', '--wrong-key');
    expect(code).toBe(4);
    expect((await run('jobs', '--json')).lines()).toEqual([
      expect.objectContaining({ type: 'completed', count: 0 }),
    ]);
  });

  it('that an emulator sends nothing to trace', async () => {
    const { code, stderr } = await run('emulate', '--trace', at('trace.har'));
    expect([code, existsSync(at('trace.har'))]).toEqual([2, false]);
    expect(stderr).toContain('--trace is for commands that send requests');
  });

  it('in the same words that a job is not in the store', async () => {
    for (const argv of [
      ['forget', 'nobody'],
      ['resume', 'nobody', '--no-input'],
      ['resume', 'nobody', '--retry'],
    ]) {
      const { code, stderr } = await run(...argv);
      expect([argv, stderr.includes('The store holds no job nobody.')]).toEqual([argv, true]);
      expect(code).toBe(2);
    }
  });
});
