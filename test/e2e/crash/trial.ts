import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import type { JobRecord } from '../../../src/engine/store/index.js';
import { openSqliteStore } from '../../../src/engine/store/index.js';
import { ANSWERS, CRASH_WORKFLOW, keyOf } from './scene.js';
import { CLI_BUNDLE, type Site } from './site.js';

/** How one process of a trial ends, if not by itself. */
export interface Death {
  readonly env: Readonly<Record<string, string>>;
  /** Real ms after its first request or write; undefined where the process ends itself. */
  readonly afterMs?: number;
}

/** One job and the processes that drive it, one after the other. */
export interface Trial {
  readonly index: number;
  readonly key: string;
  readonly directory: string;
  readonly outDir: string;
  /** What each process was started with and how it ended, to explain a failure. */
  readonly story: string[];
  /** How many of its processes were killed. */
  readonly kills: number;
}

interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

const OUTCOME_UNKNOWN = 6;
/** After these a person continues: with a decision, or once the server is back. */
const GOES_ON: readonly unknown[] = [0, OUTCOME_UNKNOWN, 7];
const MOST_LIVES = 40;

function killAfter(child: ChildProcess, afterMs: number): void {
  const announced = child.stdio[3];
  // Boundary: the fourth of `stdio` is a pipe that we read.
  (announced as Readable).once('data', () => setTimeout(() => child.kill('SIGKILL'), afterMs));
}

function live(site: Site, trial: Trial, args: readonly string[], death: Death | undefined): Promise<Ending> {
  const child = spawn(process.execPath, [CLI_BUNDLE, ...args], {
    cwd: trial.directory,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: trial.directory,
      CONVILYN_API_KEY: trial.key,
      GOAL_LANE_STORE: join(trial.directory, 'jobs.db'),
      ...site.env,
      ...death?.env,
      ...(death?.afterMs === undefined ? {} : { CRASH_ANNOUNCE: '1' }),
    },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  if (death?.afterMs !== undefined) killAfter(child, death.afterMs);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, output })));
}

/** What the store holds, as the next process will find it; read by this process, which is faster. */
export async function storedJobs(trial: Trial): Promise<readonly JobRecord[]> {
  const store = await openSqliteStore({ path: join(trial.directory, 'jobs.db') });
  try {
    const { records, unreadable } = await store.list();
    if (unreadable.length > 0) throw new Error(`unreadable: ${JSON.stringify(unreadable)}`);
    return records;
  } finally {
    await store.close();
  }
}

const SAME = ['--answers', 'answers.json', '--out', 'out', '--json', '--no-input'];
const RUN = ['run', CRASH_WORKFLOW.specId, 'a.txt', 'b.txt', ...SAME];

/** What a person would do next: nothing where the job is done. */
async function nextCommand(
  site: Site,
  trial: Trial,
  last: Ending | undefined,
): Promise<readonly string[] | undefined> {
  const record = (await storedJobs(trial)).at(-1);
  if (record === undefined) return RUN;
  if (record.state === 'completed') return undefined;
  const failed = record.state === 'failed' ? JSON.stringify(record.snapshot) : '';
  const isUnknown = last?.code === OUTCOME_UNKNOWN;
  // The server was away for longer than anyone would wait, and no job had been made of it yet.
  if (record.jobSpecId === undefined && failed.includes('"kind":"network"')) return RUN;
  if (failed !== '') throw new Error(`it failed: ${failed}`);
  if (!isUnknown) return ['resume', record.id, ...SAME];
  // It is unknown whether the create was acted upon: a person looks into the account.
  const created = (await site.log(trial.key)).find((entry) => entry.effect?.type === 'created');
  const effect = created?.effect;
  const decision = effect?.type === 'created' ? ['--adopt', effect.jobSpecId] : ['--retry'];
  return ['resume', record.id, ...decision, ...SAME];
}

export function openTrial(site: Site, index: number): Trial {
  const directory = join(site.directory, `trial-${index}`);
  mkdirSync(join(directory, 'out'), { recursive: true });
  writeFileSync(join(directory, 'a.txt'), `the text of a, trial ${index}\n`);
  writeFileSync(join(directory, 'b.txt'), `the text of b, trial ${index}\n`);
  writeFileSync(join(directory, 'answers.json'), JSON.stringify(ANSWERS));
  return { index, key: keyOf(index), directory, outDir: join(directory, 'out'), story: [], kills: 0 };
}

/** Lets one process after the other die as planned, then lets the last one live. Resolves when the job is done. */
export async function play(site: Site, opened: Trial, deaths: readonly Death[]): Promise<Trial> {
  const { story } = opened;
  let last: Ending | undefined;
  let kills = 0;
  for (let life = 0; life < MOST_LIVES; life += 1) {
    const args = await nextCommand(site, opened, last).catch((cause: unknown) => {
      throw new Error(`trial ${opened.index}: ${story.join('; ')}: ${String(cause)}`);
    });
    if (args === undefined) return { ...opened, kills };
    last = await live(site, opened, args, deaths[life]);
    story.push(`${args.slice(0, 2).join(' ')}: ${last.signal ?? `code ${last.code}`}`);
    if (last.signal === 'SIGKILL') kills += 1;
    else if (!GOES_ON.includes(last.code)) {
      throw new Error(`trial ${opened.index}: ${story.join('; ')}\n${last.output}`);
    }
  }
  throw new Error(`trial ${opened.index} does not end: ${story.join('; ')}`);
}

/** Names of all that lies in the folder for results. */
export const resultsOf = (trial: Trial): readonly string[] => readdirSync(trial.outDir);

export const bytesOf = (trial: Trial, name: string): Buffer => readFileSync(join(trial.outDir, name));
