import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { table, writeReport } from '../write-report.js';
import { transferBare } from './bare-get.js';
import { hasCurl, hashBySha256sum, transferByCurl } from './curl.js';
import type { Transfer } from './measured.js';
import { transferOurs } from './our-client.js';
import { serveBytes } from './server.js';

const ROUNDS = 5;
const MB = 1024 * 1024;
const GOAL_RATIO = 0.9;
const GOAL_GROWTH = 64 * MB;

type Direction = 'up' | 'down';

interface Round {
  readonly ours: Transfer;
  readonly curlMs: number;
  /** curl and then sha256sum: what saving and hashing costs without us. */
  readonly curlAndHashMs: number | undefined;
  /** Node's own client, the bytes thrown away. */
  readonly bareMs: number | undefined;
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/** A process of its own for each transfer: memory and warmth of one are not those of the next. */
function inChild(what: Direction | 'bare', origin: string, dir: string, bytes: number): Transfer {
  const args = ['--expose-gc', process.argv[1] ?? '', what, origin, dir, String(bytes)];
  const { stdout, status } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`the transfer ended with ${status}`);
  // Boundary: what this very program prints.
  return JSON.parse(stdout) as Transfer;
}

function runRound(direction: Direction, origin: string, dir: string, bytes: number): Round {
  const curlMs = transferByCurl(direction, origin, dir, bytes);
  const curlAndHashMs = direction === 'down' ? curlMs + hashBySha256sum(dir) : undefined;
  const bareMs = direction === 'down' ? inChild('bare', origin, dir, bytes).ms : undefined;
  const ours = inChild(direction, origin, dir, bytes);
  for (const left of ['curl.zip', 'ours']) rmSync(join(dir, left), { recursive: true, force: true });
  return { ours, curlMs, curlAndHashMs, bareMs };
}

function makeFiles(dir: string, bytes: number): void {
  const piece = Buffer.alloc(MB, 'goal-lane ');
  writeFileSync(join(dir, 'small.bin'), piece);
  writeFileSync(join(dir, 'large.bin'), '');
  for (let done = 0; done < bytes; done += MB) writeFileSync(join(dir, 'large.bin'), piece, { flag: 'a' });
}

const perSecond = (bytes: number, ms: number): string => `${Math.round(bytes / MB / (ms / 1_000))} MB/s`;

function rowOf(name: string, bytes: number, rounds: readonly Round[]): string[] {
  const ratio = (of: (round: Round) => number | undefined): string => {
    const values = rounds.map(of).filter((value) => value !== undefined);
    return values.length === 0 ? '' : median(values).toFixed(2);
  };
  return [
    name,
    perSecond(bytes, median(rounds.map(({ ours }) => ours.ms))),
    perSecond(bytes, median(rounds.map(({ curlMs }) => curlMs))),
    ratio(({ ours, curlMs }) => curlMs / ours.ms),
    ratio(({ ours, curlAndHashMs }) => curlAndHashMs && curlAndHashMs / ours.ms),
    ratio(({ ours, bareMs }) => bareMs && bareMs / ours.ms),
    ratio(({ curlMs, bareMs }) => bareMs && curlMs / bareMs),
    `${(Math.max(...rounds.map(({ ours }) => ours.rssGrowthBytes)) / MB).toFixed(0)} MB`,
    `${(median(rounds.map(({ ours }) => ours.cpuMs)) / 1_000).toFixed(2)} s`,
  ];
}

function shortfalls(name: string, rounds: readonly Round[]): string[] {
  const ratio = median(rounds.map(({ ours, curlMs }) => curlMs / ours.ms));
  const growth = Math.max(...rounds.map(({ ours }) => ours.rssGrowthBytes));
  return [
    ...(ratio < GOAL_RATIO ? [`${name} at ${ratio.toFixed(2)} × curl, goal ${GOAL_RATIO}`] : []),
    ...(growth > GOAL_GROWTH ? [`${name} grows by ${(growth / MB).toFixed(0)} MB, goal 64`] : []),
  ];
}

const HEAD = [
  '',
  'ours',
  'curl',
  'ours ÷ curl',
  'ours ÷ (curl, then sha256sum)',
  'ours ÷ http.get',
  'http.get ÷ curl',
  'RSS growth',
  'CPU',
];

async function report(megabytes: number, up: readonly Round[], down: readonly Round[]): Promise<void> {
  const bytes = megabytes * MB;
  const missed = [...shortfalls('upload', up), ...shortfalls('download', down)];
  for (const shortfall of missed) process.stdout.write(`missed: ${shortfall}\n`);
  await writeReport(
    4,
    'transfer',
    `## Transfer

\`npm run bench -- transfer --mb ${megabytes}\`: ${megabytes} MB over the loopback, ${ROUNDS} rounds, curl and ours in turns, medians; throughput ratios by round. The server is a
plain sink and source in a process of its own, the same for both: nothing is parsed or kept there. Files lie in memory (\`/dev/shm\`), so that the disk
is not what is measured. Ours are the ports of a job, in a fresh process: the upload checks the file before and after, the download writes a \`.part\`,
hashes all of it (sha256), syncs and renames. curl does \`-F file=@…\` and \`-o file\` and hashes nothing. *http.get* is
Node's own client throwing the bytes away: it takes memory anew for each 64 kB that it reads, which is most of what a download costs here, and no
client that stands on it can be much faster. RSS growth is the highest of all rounds.

${table([HEAD, rowOf('up', bytes, up), rowOf('down', bytes, down)])}

${missed.length === 0 ? 'The goal (0.9 × curl, less than 64 MB) is met.' : `Missed: ${missed.join('; ')}.`}
`,
  );
}

async function main(megabytes: number): Promise<void> {
  const server = spawn(process.execPath, [process.argv[1] ?? '', 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await once(server.stdout, 'data');
  const origin = `http://127.0.0.1:${String(port).trim()}`;
  const dir = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'goal-lane-bench-'));
  const rounds = { up: [] as Round[], down: [] as Round[] };
  try {
    makeFiles(dir, megabytes * MB);
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const direction of ['up', 'down'] as const) {
        const done = runRound(direction, origin, dir, megabytes * MB);
        rounds[direction].push(done);
        process.stdout.write(`${direction}: ${JSON.stringify(done)}\n`);
      }
    }
  } finally {
    server.kill();
    rmSync(dir, { recursive: true, force: true });
  }
  await report(megabytes, rounds.up, rounds.down);
}

const [command = '', second = '', third = '', fourth = ''] = process.argv.slice(2);
if (command === 'serve') serveBytes();
else if (command === 'up' || command === 'down')
  process.stdout.write(JSON.stringify(await transferOurs(command, second, third, Number(fourth))));
else if (command === 'bare') process.stdout.write(JSON.stringify(await transferBare(second, Number(fourth))));
else if (hasCurl()) await main(command === '--mb' ? Math.max(2, Number(second)) : 1_024);
else process.stdout.write('transfer: there is no curl on this machine; nothing was measured\n');
