import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { table, writeReport } from '../write-report.js';
import { fillStore } from './fill-store.js';
import { type Figures, resumeStore } from './resume-store.js';

const SIZES = [100, 1_000, 10_000];
const RUNS = 3;
/** What a machine on which nothing else runs must do. */
const GOAL_MS = 10_000;

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

function measureOnce(count: number): Figures {
  const directory = mkdtempSync(join(tmpdir(), 'goal-lane-bench-'));
  try {
    const path = join(directory, 'jobs.db');
    inChild('fill', path, String(count));
    // Boundary: what this very program prints.
    return JSON.parse(inChild('resume', path, String(count))) as Figures;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The run with the median time. */
function measure(count: number): Figures {
  const runs = Array.from({ length: RUNS }, () => measureOnce(count)).sort((a, b) => a.armedMs - b.armedMs);
  const median = runs[Math.floor(RUNS / 2)];
  if (median === undefined) throw new Error('nothing was measured');
  return median;
}

const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
const mb = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
const kb = (bytes: number): string => (bytes / 1_000).toFixed(1);

const row = (figures: Figures): readonly string[] => [
  String(figures.jobs),
  ms(figures.openMs),
  ms(figures.armedMs),
  ms(figures.longestStallMs),
  String(figures.writes),
  kb(figures.heapBytes / figures.jobs),
  mb(figures.rssBytes),
  ms(figures.heartbeatMs),
  ms(figures.closeMs),
  mb(figures.fileBytes),
];

const HEAD = [
  'jobs',
  'open ms',
  'all armed ms',
  'longest stall ms',
  'writes',
  'heap a job kB',
  'RSS MB',
  'heartbeat ms',
  'close ms',
  'file MB',
];

const report = (rows: readonly Figures[]): string => `## Stored jobs

\`npm run bench -- stored-jobs\`: a process stores so many executing jobs in one SQLite file and is killed; another one, a new process, takes
over its leases and resumes them all. **All armed**: from the call of \`resumeAll\` until each job waits for its turn to read the status.
Writes: records that resuming wrote. Close: every job let go and stored so that it can be resumed. Median of ${RUNS} runs.

${table([HEAD, ...rows.map(row)])}
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
  for (const { jobs, armedMs } of rows) {
    if (armedMs > GOAL_MS)
      process.stdout.write(`missed: ${jobs} jobs armed in ${ms(armedMs)} ms, goal ${GOAL_MS}\n`);
  }
}
