import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../../src/adapters/cli/run-cli.js';
import { type ReferenceServer, type Scenario, startReferenceServer } from '../../e2e/reference-server.js';
import { createFakeIo } from './fake-io.js';

const directory = mkdtempSync(join(tmpdir(), 'goal-lane-refusals-'));
const file = join(directory, 'resume.txt');
beforeAll(() => writeFileSync(file, 'the text of resume.txt\n'));
afterAll(() => rmSync(directory, { recursive: true }));

/** The command in this process, on a server of its own. */
async function run(scenario: Scenario, argv: readonly string[], env: Record<string, string> = {}) {
  const server: ReferenceServer = await startReferenceServer(scenario);
  const fake = createFakeIo({ CONVILYN_API_KEY: server.key, CONVILYN_BASE_URL: server.baseUrl, ...env });
  try {
    const code = await runCli(argv, fake.io);
    const last = fake.stdout().trim().split('\n').at(-1) ?? '';
    const writes = server.seen.filter((call) => call.method !== 'GET');
    return { code, last, stderr: fake.stderr(), stdout: fake.stdout(), seen: server.seen, writes };
  } finally {
    await server.close();
  }
}

const RUN = ['run', 'goal_lane.cover_letter', file, '--out', join(directory, 'out')];
const tone = { slotId: 'tone', type: 'text' };

describe('what the catalog forbids is refused before anything is uploaded', () => {
  it('names too few files and too large ones, with the limits', async () => {
    const result = await run({ catalogItem: { minFileCount: 2, maxInputSizeBytes: 10 } }, [...RUN, '--json']);
    expect(result).toMatchObject({ code: 2, writes: [] });
    expect(result.stderr).toContain('1 file(s) given, at least 2 needed');
    expect(result.stderr).toMatch(/resume\.txt \(23 bytes\).* at most 10 allowed/);
    expect(JSON.parse(result.last)).toMatchObject({
      type: 'error',
      exitCode: 2,
      failure: { kind: 'invalid-input', findings: [expect.any(String), expect.any(String)] },
    });
  });

  it('names a slot that the workflow does not have', async () => {
    const scenario = { catalogItem: { required_slots: [tone] } };
    const result = await run(scenario, [...RUN, '--slot', 'tone=warm', '--slot', 'tune=warm']);
    expect(result).toMatchObject({ code: 2, writes: [] });
    expect(result.stderr).toContain('slot tune: unknown');
    expect(result.stderr).toContain('for a slot of a checkpoint, give the value in answers, --answers');
  });

  it('names a slot that is missing, with code 3', async () => {
    const result = await run({ catalogItem: { required_slots: [tone] } }, [...RUN, '--no-input']);
    expect(result).toMatchObject({ code: 3, writes: [] });
    expect(result.stderr).toContain('slot tone: required');
  });

  it('names a workflow that is not there', async () => {
    const result = await run({}, ['run', 'goal_lane.nothing', file, '--out', directory]);
    expect(result).toMatchObject({ code: 2, writes: [] });
    expect(result.stderr).toContain('goal_lane.nothing is not in the catalog');
    expect(result.stderr).toContain('goal_lane.cover_letter');
  });
});

describe('what is wrong with the command is refused before anything is sent', () => {
  it.each([
    ['a missing file', ['run', 'x', join(directory, 'none.pdf'), '--out', directory], 'none.pdf'],
    ['a folder as a file', ['run', 'x', directory, '--out', directory], directory],
    ['a slot without =', [...RUN, '--slot', 'tone'], '--slot tone: not of the form id=value'],
    ['answers that are not there', [...RUN, '--answers', 'none.json'], '--answers none.json: cannot be read'],
    ['a wait that is no number', [...RUN, '--max-wait', 'soon'], '--max-wait soon: not a number'],
    ['another confirm', [...RUN, '--confirm', 'never'], '--confirm'],
    ['an unknown flag', [...RUN, '--api-key', 'x'], "unknown option '--api-key'"],
    ['no file', ['run', 'x'], "missing required argument 'file'"],
    ['a folder that cannot be made', [...RUN, '--out', join(file, 'out')], '--out'],
    ['a store that is none', [...RUN, '--store', file], file],
    ['a store without a name', [...RUN, '--store', ''], '--store: the path is empty'],
    ['a list of a store without a name', ['jobs', '--store', ' '], '--store: the path is empty'],
    ['a level that is none', [...RUN, '--log-level', 'loud'], '--log-level'],
    ['a base URL that is none', [...RUN, '--base-url', 'ftp://x.test'], 'base URL'],
    ['an unknown command', ['fly'], "unknown command 'fly'"],
    ['a resume of nothing', ['resume'], 'resume: name the jobs, or say --all'],
    ['a resume of both', ['resume', 'x', '--all'], 'resume: name the jobs, or say --all'],
    ['a resume of an unknown job', ['resume', 'nobody'], 'nobody'],
    ['a decision about an unknown job', ['resume', 'nobody', '--retry'], 'The store holds no job nobody.'],
    ['an attach to no id', ['attach', ' '], 'attach: the id is empty'],
    ['a port that is none', ['emulate', '--port', 'http'], '--port http: not a port'],
  ])('%s', async (_what, argv, said) => {
    const result = await run({}, [
      ...argv,
      ...(argv[0] === 'emulate' || argv[0] === 'fly' ? [] : ['--json']),
    ]);
    expect(result.stderr).toContain(said);
    expect(result).toMatchObject({ code: 2, seen: [] });
    if (result.last !== '') expect(JSON.parse(result.last)).toMatchObject({ type: 'error', exitCode: 2 });
  });

  it.each([
    ['', 'CONVILYN_API_KEY is not set'],
    ['secret key', 'no header can carry'],
  ])('the key %j', async (key, said) => {
    const result = await run({}, RUN, { CONVILYN_API_KEY: key });
    expect(result).toMatchObject({ code: 2, seen: [] });
    expect(result.stderr).toContain(said);
    expect(result.stderr).not.toContain('secret');
  });
});

describe('a base URL that leads elsewhere', () => {
  it.each([
    ['run', [...RUN, '--json']],
    ['workflows', ['workflows', '--json']],
  ])('makes the server unusable, and no job has failed: %s', async (_command, argv) => {
    const scenario = { alwaysAnswers: { status: 404, body: { error: 'not_found' } } };
    const result = await run(scenario, argv);
    expect(result).toMatchObject({ code: 7, writes: [] });
    expect(result.stderr).toContain('Check the base URL');
    expect(result.stderr).not.toMatch(/job failed|Check the id|Resume with/);
    const advice = expect.stringContaining('/api/v1');
    expect(JSON.parse(result.last)).toMatchObject({
      type: 'error',
      exitCode: 7,
      advice,
      failure: { advice },
    });
  });
});

describe('help', () => {
  it.each([
    [['--help'], 0, 'Usage: goal-lane'],
    [['run', '--help'], 0, '--store <file>'],
    [['--version'], 0, /^\d+\.\d+\.\d+/],
  ])('%j', async (argv, code, said) => {
    const result = await run({}, argv);
    expect(result.code).toBe(code);
    expect(result.stdout).toMatch(said);
  });

  it('is shown on stderr, with code 2, where no command is given', async () => {
    const result = await run({}, []);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('Usage: goal-lane');
  });
});
