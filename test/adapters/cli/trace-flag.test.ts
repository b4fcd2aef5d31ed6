import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram, runCli } from '../../../src/adapters/cli/run-cli.js';
import { type Emulator, startEmulator } from '../../../src/adapters/emulator/index.js';
import { harFaults, readHar } from '../node/trace/har.js';
import { createFakeIo } from './fake-io.js';

const VALUE = 'Chief Parrot Officer';

let folder = '';
let emulator: Emulator;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'goal-lane-trace-flag-'));
  emulator = await startEmulator({ speed: 100 });
  for (const name of ['resume.txt', 'job.txt']) writeFileSync(join(folder, name), name);
  const [files, answers] = [
    [join(folder, 'resume.txt'), join(folder, 'job.txt')],
    { confirmed_titles: VALUE },
  ];
  writeFileSync(join(folder, 'answers.json'), JSON.stringify(answers));
  const line = { workflowId: 'goal_lane.resume_tailor', files, answers, id: 'line' };
  writeFileSync(join(folder, 'jobs.jsonl'), JSON.stringify(line));
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const at = (name: string): string => join(folder, name);
const answered = ['--answers', './answers.json', '--no-input', '--out', './out'];

/** What each command is called with, and an exchange that it makes, if any. A path with a dot is in the folder. */
const COMMANDS: Readonly<Record<string, readonly [args: readonly string[], exchange?: string]>> = {
  workflows: [['--json'], 'GET /workflows/catalog'],
  doctor: [['--out', './out'], 'GET /workflows/catalog'],
  types: [['--out', './types.d.ts'], 'GET /workflows/catalog'],
  run: [['goal_lane.resume_tailor', './resume.txt', './job.txt', ...answered], 'GET /output.zip'],
  batch: [['./jobs.jsonl', '--no-input', '--out', './out'], 'PATCH /jobs/goal'],
  attach: [['job_unknown', '--no-input', '--out', './out', '--max-wait', '1'], 'GET /jobs/goal'],
  resume: [['detached', ...answered], 'GET /output.zip'],
  serve: [['--port', '0', '--no-open', '--out', './out']],
  jobs: [[]],
  forget: [['--ended']],
  completion: [['bash']],
  worker: [['--plan', 'none']],
};

/** `serve` resumes the jobs of its store; those of the other commands are left alone. */
const environmentOf = (command: string): Record<string, string> =>
  command === 'serve' ? { GOAL_LANE_STORE: at('served.db') } : {};

const named = (args: readonly string[]): string[] =>
  args.map((arg) => (arg.startsWith('./') ? at(arg) : arg));

const aMoment = () => new Promise((resolve) => setTimeout(resolve, 20));

async function called(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const fake = createFakeIo({
    CONVILYN_API_KEY: emulator.apiKey,
    CONVILYN_BASE_URL: emulator.baseUrl,
    GOAL_LANE_STORE: at('jobs.db'),
    ...env,
  });
  const shown = () => fake.stdout() + fake.stderr();
  const ended = runCli([command, ...named(args)], fake.io);
  // A server runs until it is interrupted.
  if (command === 'serve') {
    const isOver = ended.then(() => 'over');
    while (!shown().includes('http://') && (await Promise.race([isOver, aMoment()])) !== 'over');
    fake.io.interruption.abort();
  }
  return { code: await ended, shown: shown() };
}

describe('--trace', () => {
  it('is known of every command here', () => {
    // The demo writes into the working directory; an emulator answers requests, and refuses the flag.
    expect([...Object.keys(COMMANDS), 'demo', 'emulate'].sort()).toEqual(
      createProgram(createFakeIo().io, () => undefined)
        .commands.map((command) => command.name())
        .sort(),
    );
  });

  it.concurrent.each(Object.entries(COMMANDS))(
    'leaves a HAR of %s that the official schema accepts, for its owner alone, without secrets',
    async (command, [args, exchange]) => {
      const trace = at(`${command}.har`);
      if (command === 'resume') {
        const start = [
          'goal_lane.resume_tailor',
          './resume.txt',
          './job.txt',
          '--no-input',
          '--json',
          '--out',
          './out',
        ];
        const { shown } = await called('run', start);
        args = [/"id":"(\w+)"/.exec(shown)?.[1] ?? '', ...args.slice(1)];
      }
      const { shown } = await called(command, [...args, '--trace', trace], environmentOf(command));
      expect(harFaults(trace), shown).toEqual([]);
      expect(statSync(trace).mode & 0o777).toBe(0o600);
      const text = readFileSync(trace, 'utf8');
      expect([emulator.apiKey, VALUE].filter((secret) => text.includes(secret))).toEqual([]);
      const made = readHar(trace).log.entries.map(({ request }) => `${request.method} ${request.url}`);
      if (exchange === undefined) expect(made).toEqual([]);
      else {
        const [method = '', path = ''] = exchange.split(' ');
        expect(
          made.filter((one) => one.startsWith(method) && one.includes(path)),
          shown,
        ).not.toEqual([]);
      }
    },
    60_000,
  );

  it.each(['workflows', 'serve', 'jobs', 'worker'])(
    'is refused by %s where it names no trace',
    async (command) => {
      writeFileSync(at('letter.txt'), 'Dear Sir or Madam');
      const { code, shown } = await called(command, ['--trace', at('letter.txt')]);
      expect([code, shown]).toEqual([2, expect.stringContaining('is not a trace of goal-lane')]);
      expect(readFileSync(at('letter.txt'), 'utf8')).toBe('Dear Sir or Madam');
    },
  );
});
