import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { WorkflowSpec } from './job-book.js';
import { type CliRun, runCli } from './run-cli.js';
import { startUnseenServer, type UnseenOptions, type UnseenServer } from './unseen-server.js';

/** What must have come of a run. */
export interface Expected {
  readonly exit: number;
  /** Creates that the server saw (default 1). */
  readonly creates?: number;
  /** Jobs that the server holds in the end (default 1). */
  readonly jobs?: number;
  /** Slot values with which each question was confirmed, in order; default: one, without slots. */
  readonly confirmed?: readonly (readonly [
    checkpointId: string,
    values: Readonly<Record<string, unknown>>,
  ])[];
  /** PATCHes that were accepted from the client (default: one a question that has values). */
  readonly fills?: number;
}

export interface Scenario {
  readonly name: string;
  readonly server?: Omit<UnseenOptions, 'workflows'>;
  readonly workflow?: WorkflowSpec;
  /** Flags besides the usual ones. */
  readonly flags?: readonly string[];
  readonly answers?: unknown;
  /** Names and contents; default one `in.txt`. */
  readonly files?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  /** A store file instead of memory. */
  readonly store?: boolean;
  /** Like enough to others to be left out where time is short. */
  readonly isExtra?: boolean;
  readonly timeoutMs?: number;
  readonly expected: Expected;
  /** Findings of this scenario alone. */
  readonly also?: (played: Played) => readonly string[];
}

export interface Played {
  readonly scenario: Scenario;
  readonly run: CliRun;
  readonly server: UnseenServer;
  readonly dir: string;
  readonly out: string;
}

/** No slots, no checkpoints: the cover letter of the reference. */
export const plain: WorkflowSpec = {
  specId: 'goal_lane.plain',
  slots: [],
  steps: [{ show: { progress: 40, currentStep: 'generating_output' } }],
};

function flagsOf(scenario: Scenario, dir: string): string[] {
  const flags = ['--json', '--no-input', '--out', join(dir, 'out'), '--log-level', 'debug'];
  flags.push('--store', scenario.store ? join(dir, 'store.db') : ':memory:');
  if (scenario.answers !== undefined) {
    writeFileSync(join(dir, 'answers.json'), JSON.stringify(scenario.answers));
    flags.push('--answers', join(dir, 'answers.json'));
  }
  return [...flags, ...(scenario.flags ?? [])];
}

/** Plays one scenario: a server of its own, a folder of its own, the command as a child process. */
export async function play(scenario: Scenario, judge: (played: Played) => readonly string[]) {
  const dir = mkdtempSync(join(tmpdir(), 'goal-lane-unseen-'));
  const out = join(dir, 'out');
  mkdirSync(out);
  const workflow = scenario.workflow ?? plain;
  const files = scenario.files ?? { 'in.txt': 'some text' };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, name), text);
  const server = await startUnseenServer({ workflows: [workflow], ...scenario.server });
  try {
    const args = ['run', workflow.specId, ...Object.keys(files), ...flagsOf(scenario, dir)];
    const env = { CONVILYN_API_KEY: server.apiKey, CONVILYN_BASE_URL: server.baseUrl, ...scenario.env };
    const timeoutMs = scenario.timeoutMs ?? 240_000;
    const run = await runCli(args, { cwd: dir, env, timeoutMs });
    return judge({ scenario, run, server, dir, out });
  } finally {
    await server.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Plays many at once; each result comes when it is there. */
export function playAll(
  scenarios: readonly Scenario[],
  judge: (played: Played) => readonly string[],
  atOnce: number,
): ReadonlyMap<string, Promise<readonly string[]>> {
  let free = atOnce;
  const queue: (() => void)[] = [];
  const turn = (): Promise<void> =>
    free-- > 0 ? Promise.resolve() : new Promise((resolve) => queue.push(resolve));
  const done = (): void => {
    free += 1;
    queue.shift()?.();
  };
  const playing = scenarios.map(
    (scenario) => [scenario.name, turn().then(() => play(scenario, judge).finally(done))] as const,
  );
  return new Map(playing);
}
