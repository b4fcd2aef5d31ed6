import { spawnSync } from 'node:child_process';
import { closeSync, fsyncSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { table, writeReport } from '../write-report.js';
import { fillStore } from './fill-store.js';
import { type Figures, resumeStore } from './resume-store.js';

const SIZES = [100, 1_000, 10_000, 100_000];
/** What a machine on which nothing else runs must do with the most jobs. */
const GOALS = { stallMs: 100, closeMs: 10_000, listMs: 3_000 };
/** The largest store takes minutes to fill. */
const runsOf = (count: number): number => (count < 100_000 ? 3 : 1);
const COMMAND = join('dist', 'adapters', 'cli', 'main.js');

/** Another process of this program, as a crash and a restart are. */
function inChild(...args: readonly string[]): string {
  const { stdout, status, signal } = spawnSync(
    process.execPath,
    ['--expose-gc', process.argv[1] ?? '', ...args],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  if (status !== 0 && signal !== 'SIGKILL') throw new Error(`${args.join(' ')} ended with ${status}`);
  return stdout;
}

interface Measured extends Figures {
  /** `goal-lane jobs --all --json`, as a whole process, from its start to its end. */
  readonly listMs: number;
}

function listMs(path: string): number {
  const began = performance.now();
  const { status } = spawnSync(process.execPath, [COMMAND, 'jobs', '--all', '--json', '--store', path], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) throw new Error(`goal-lane jobs ended with ${status}`);
  return performance.now() - began;
}

/** What the first process wrote is on the disk before the second begins: else its first sync would write that, too. */
function toDisk(path: string): void {
  for (const file of [path, `${path}-wal`]) {
    const descriptor = openSync(file, 'r+');
    fsyncSync(descriptor);
    closeSync(descriptor);
  }
}

function measureOnce(count: number): Measured {
  const directory = mkdtempSync(join(tmpdir(), 'goal-lane-bench-'));
  try {
    const path = join(directory, 'jobs.db');
    inChild('fill', path, String(count));
    toDisk(path);
    // Boundary: what this very program prints.
    const figures = JSON.parse(inChild('resume', path, String(count))) as Figures;
    return { ...figures, listMs: listMs(path) };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The run with the median time. */
function measure(count: number): Measured {
  const runs = Array.from({ length: runsOf(count) }, () => measureOnce(count)).sort(
    (a, b) => a.armedMs - b.armedMs,
  );
  const median = runs[Math.floor(runs.length / 2)];
  if (median === undefined) throw new Error('nothing was measured');
  return median;
}

const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
const mb = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
const kb = (bytes: number): string => (bytes / 1_000).toFixed(1);

const row = (figures: Measured): readonly string[] => [
  String(figures.jobs),
  ms(figures.openMs),
  ms(figures.armedMs),
  ms(figures.armedCpuMs),
  ms(figures.longestStallMs),
  ms(figures.collectorMs),
  String(figures.writes),
  kb(figures.heapBytes / figures.jobs),
  mb(figures.rssBytes),
  ms(figures.heartbeatMs),
  ms(figures.closeMs),
  ms(figures.closeCpuMs),
  ms(figures.longestCloseStallMs),
  ms(figures.closeCollectorMs),
  ms(figures.listMs),
  mb(figures.fileBytes),
];

const HEAD = [
  'jobs',
  'open ms',
  'all armed ms',
  'CPU ms',
  'longest stall ms',
  'collector ms',
  'writes',
  'heap a job kB',
  'RSS MB',
  'heartbeat ms',
  'close ms',
  'CPU ms',
  'longest stall ms',
  'collector ms',
  'jobs ms',
  'file MB',
];

const goalsOf = (figures: Measured): readonly (readonly [string, number, number])[] => [
  ['longest stall while jobs are resumed, ms', figures.longestStallMs, GOALS.stallMs],
  ['longest stall while jobs are detached, ms', figures.longestCloseStallMs, GOALS.stallMs],
  ['close, ms', figures.closeMs, GOALS.closeMs],
  ['goal-lane jobs, ms', figures.listMs, GOALS.listMs],
];

/** Of the largest store. */
const goalRows = (rows: readonly Measured[]): readonly (readonly string[])[] =>
  rows
    .slice(-1)
    .flatMap(goalsOf)
    .map(([what, is, goal]) => [what, ms(is), `≤ ${goal}`, is <= goal ? 'met' : 'short']);

const report = (rows: readonly Measured[]): string => `## Stored jobs

\`npm run bench -- stored-jobs\`: a process stores so many executing jobs in one SQLite file and is killed; another one, a new process, takes
over its leases and resumes them all. **All armed**: from the call of \`resumeAll\` until each job waits for its turn to read the status.
Writes: records that resuming wrote. Close: every job detached and stored so that it can be resumed. *jobs*: the whole command
\`goal-lane jobs --all --json\`. Stall: the longest time in which no timer could fire; a lease lasts 30 s and is renewed three times meanwhile, by a heartbeat that
counts the leases only if another process has written. Collector: the longest pause of the garbage collector; where it is as long as the
stall, it is the stall.
Median of three runs; the largest store once.

${table([HEAD, ...rows.map(row)])}

${table([['goal', 'measured', 'wanted', ''], ...goalRows(rows)])}
`;

const [command, path = '', count = '0'] = process.argv.slice(2);
if (command === 'fill') await fillStore(path, Number(count));
else if (command === 'resume') {
  process.stdout.write(JSON.stringify(await resumeStore(path, Number(count))));
  process.exit(0);
} else {
  const rows = SIZES.map(measure);
  process.stdout.write(`${table([HEAD, ...rows.map(row)])}\n`);
  await writeReport(4, 'stored-jobs', report(rows));
  process.stdout.write(`${table([['goal', 'measured', 'wanted', ''], ...goalRows(rows)])}\n`);
}
