import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { table, writeReport } from '../write-report.js';
import { transferBare } from './bare-get.js';
import { hasCurl, hashBySha256sum, transferByCurl } from './curl.js';
import { type Direction, GOALS, median, type Round, ratiosOf, shortfalls } from './goals.js';
import type { Transfer } from './measured.js';
import { transferOurs } from './our-client.js';
import { serveBytes } from './server.js';

const ROUNDS = 7;
const MB = 1024 * 1024;

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

/** The two sides in turn, and which of them is first in turn as well. */
function runRound(
  direction: Direction,
  origin: string,
  dir: string,
  bytes: number,
  isOursFirst: boolean,
): Round {
  const early = isOursFirst ? inChild(direction, origin, dir, bytes) : undefined;
  const curl = transferByCurl(direction, origin, dir, bytes);
  const ours = early ?? inChild(direction, origin, dir, bytes);
  const curlAndHashMs = direction === 'down' ? curl.ms + hashBySha256sum(dir) : undefined;
  const bareMs = direction === 'down' ? inChild('bare', origin, dir, bytes).ms : undefined;
  for (const left of ['curl.zip', 'ours']) rmSync(join(dir, left), { recursive: true, force: true });
  return { ours, curl, curlAndHashMs, bareMs };
}

function makeFiles(dir: string, bytes: number): void {
  const piece = Buffer.alloc(MB, 'goal-lane ');
  // Large enough that it is uploaded the way the large one is.
  writeFileSync(join(dir, 'small.bin'), Buffer.alloc(9 * MB, piece));
  writeFileSync(join(dir, 'large.bin'), '');
  for (let done = 0; done < bytes; done += MB) writeFileSync(join(dir, 'large.bin'), piece, { flag: 'a' });
}

const perSecond = (bytes: number, ms: number): string => `${Math.round(bytes / MB / (ms / 1_000))} MB/s`;

const figure = (value: number | undefined): string => value?.toFixed(2) ?? '';
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

function rowOf(direction: Direction, bytes: number, rounds: readonly Round[]): string[] {
  const { speed, best, cpu, bestCpu, hashed, growth } = ratiosOf(rounds);
  const goals = GOALS[direction];
  const bare = rounds.flatMap(({ ours, bareMs }) => (bareMs === undefined ? [] : [bareMs / ours.ms]));
  return [
    direction,
    perSecond(bytes, median(rounds.map(({ ours }) => ours.ms))),
    perSecond(bytes, median(rounds.map(({ curl }) => curl.ms))),
    `${figure(speed)} (${figure(best)})`,
    `≥ ${goals.speed}`,
    figure(hashed),
    goals.hashed === undefined ? '' : `≥ ${goals.hashed}`,
    bare.length === 0 ? '' : figure(median(bare)),
    seconds(median(rounds.map(({ ours }) => ours.cpuMs))),
    seconds(median(rounds.map(({ curl }) => curl.cpuMs))),
    `${figure(cpu)} (${figure(bestCpu)})`,
    goals.cpu === undefined ? '' : `≤ ${goals.cpu}`,
    `${(growth / MB).toFixed(0)} MB`,
    goals.growth === undefined ? '' : `≤ ${goals.growth / MB} MB`,
  ];
}

const HEAD = [
  '',
  'ours',
  'curl',
  'ours ÷ curl (best ÷ best)',
  'goal',
  'ours ÷ (curl, then sha256sum)',
  'goal',
  'ours ÷ http.get',
  'CPU',
  'CPU of curl',
  'CPU ÷ curl (least ÷ least)',
  'goal',
  'RSS growth',
  'goal',
];

async function report(megabytes: number, up: readonly Round[], down: readonly Round[]): Promise<void> {
  const bytes = megabytes * MB;
  const short = [...shortfalls('up', up), ...shortfalls('down', down)];
  for (const shortfall of short) process.stdout.write(`short: ${shortfall}\n`);
  const [load = 0] = loadavg();
  await writeReport(
    4,
    'transfer',
    `## Transfer

\`npm run bench -- transfer --mb ${megabytes}\`: ${megabytes} MB over the loopback, ${ROUNDS} rounds, curl and ours in turns, medians; ratios by round. The server is a
plain sink and source in a process of its own, the same for both: nothing is parsed or kept there. Files lie in memory (\`/dev/shm\`), so that the disk
is not what is measured. Ours are the ports of a job, in a fresh process: the upload checks the file before and after, the download writes a \`.part\`,
hashes all of it (sha256), syncs and renames. curl does \`-F file=@…\` and \`-o file\` and hashes nothing. *http.get* is
Node's own client throwing the bytes away. CPU is that of the transfer for ours, of the whole process for curl. RSS growth is the highest of all rounds.
Both are over plain HTTP, where large files have a path of their own; over TLS and through proxies undici carries them, which was not measured. (This page once said 1.91 for the
upload: curl's rounds were disturbed then, and its CPU was not shown.) The load of the machine was ${load.toFixed(1)} on ${availableParallelism()} cores when this ended.

${table([HEAD, rowOf('up', bytes, up), rowOf('down', bytes, down)])}

${short.length === 0 ? 'The goals are met.' : `Short: ${short.join('; ')}.`}
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
        const done = runRound(direction, origin, dir, megabytes * MB, round % 2 === 1);
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
else
  process.stdout.write(
    '\nTRANSFER WAS NOT MEASURED: there is no curl on this machine, which is the peer.\n\n',
  );
