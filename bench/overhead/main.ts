import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { get } from 'node:http';
import { table, writeReport } from '../write-report.js';
import { serveInstantly } from './instant-server.js';
import {
  limitFor,
  measureInstantly,
  measureOverHttp,
  SETTLING_POLLS,
  type SideFigures,
  WARM_UP,
} from './measure-side.js';
import { SIDES, type SideName } from './sides.js';

const SIZES = [100, 1_000, 10_000];
const HTTP_JOBS = 100;
const POLLS = 20_000;
const GOALS = { http: 0.5, instant: 1, change: 4, bytes: 11_000, flat: 1.2 };

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/** A process of its own for each figure. */
function inChild(...args: readonly string[]): SideFigures {
  const { stdout, status } = spawnSync(process.execPath, ['--expose-gc', process.argv[1] ?? '', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`);
  // Boundary: what this very program prints.
  return JSON.parse(stdout) as SideFigures;
}

type Figures = Map<string, SideFigures[]>;

/** All sides in turns, so that what else runs on the machine befalls each alike. */
function measureAll(rounds: number, port: string): Figures {
  const figures: Figures = new Map();
  const note = (key: string, value: SideFigures): void => {
    figures.set(key, [...(figures.get(key) ?? []), value]);
    process.stdout.write(`${key}: ${JSON.stringify(value)}\n`);
  };
  for (let round = 0; round < rounds; round += 1) {
    for (const jobs of SIZES)
      for (const side of SIDES) note(`${side} ${jobs}`, inChild('instant', side, String(jobs)));
    for (const side of SIDES) note(`${side} http`, inChild('http', side, port));
  }
  return figures;
}

const cpuOf = (figures: Figures, side: SideName, size: number | 'http'): number =>
  median((figures.get(`${side} ${size}`) ?? []).map(({ cpuUsPerPoll }) => cpuUsPerPoll));

const bytesOf = (figures: Figures, side: SideName, size: number): number =>
  median((figures.get(`${side} ${size}`) ?? []).map(({ bytesPerJob }) => bytesPerJob));

/** By round, because rounds differ more than sides do. */
function ratioOf(figures: Figures, side: SideName, size: number | 'http'): number {
  const base = figures.get(`axios loop ${size}`) ?? [];
  const own = figures.get(`${side} ${size}`) ?? [];
  return median(own.map(({ cpuUsPerPoll }, at) => cpuUsPerPoll / (base[at]?.cpuUsPerPoll ?? Number.NaN)));
}

/** The best round of either side: what the machine can do when nothing else runs. */
function bestOf(figures: Figures, side: SideName, size: number | 'http'): number {
  const least = (name: SideName): number =>
    Math.min(...(figures.get(`${name} ${size}`) ?? []).map(({ cpuUsPerPoll }) => cpuUsPerPoll));
  return least(side) / least('axios loop');
}

const flatnessOf = (figures: Figures, side: SideName): number =>
  cpuOf(figures, side, 10_000) / cpuOf(figures, side, 100);

const row = (figures: Figures, side: SideName): string[] => [
  side,
  ...SIZES.flatMap((size) => [
    cpuOf(figures, side, size).toFixed(0),
    `${ratioOf(figures, side, size).toFixed(2)} (${bestOf(figures, side, size).toFixed(2)})`,
  ]),
  flatnessOf(figures, side).toFixed(2),
  cpuOf(figures, side, 'http').toFixed(0),
  `${ratioOf(figures, side, 'http').toFixed(2)} (${bestOf(figures, side, 'http').toFixed(2)})`,
];

const memoryRow = (figures: Figures, side: SideName): string[] => [
  side,
  ...SIZES.map((size) => (bytesOf(figures, side, size) / 1_000).toFixed(1)),
];

interface Goal {
  readonly what: string;
  readonly is: number;
  readonly goal: number;
}

/** What was asked for, and what came of it. */
function goalsOf(figures: Figures): readonly Goal[] {
  const most = (side: SideName): number => Math.max(...SIZES.map((size) => ratioOf(figures, side, size)));
  const bytes = Math.max(...[1_000, 10_000].map((size) => bytesOf(figures, 'lane', size)));
  return [
    { what: 'CPU a poll over HTTP ÷ loop', is: ratioOf(figures, 'lane', 'http'), goal: GOALS.http },
    { what: 'CPU a poll in process ÷ loop, the worst size', is: most('lane'), goal: GOALS.instant },
    { what: 'the same, 10,000 jobs ÷ 100', is: flatnessOf(figures, 'lane'), goal: GOALS.flat },
    { what: 'the same if each read is a change', is: most('lane, each read a change'), goal: GOALS.change },
    { what: 'kB a waiting job, the worse of 1,000 and 10,000', is: bytes / 1_000, goal: GOALS.bytes / 1_000 },
  ];
}

const verdict = ({ is, goal }: Goal): string => (is <= goal ? 'met' : 'short');

const goalRow = (goal: Goal): string[] => [goal.what, goal.is.toFixed(2), `≤ ${goal.goal}`, verdict(goal)];

async function main(rounds: number): Promise<void> {
  const server = spawn(process.execPath, [process.argv[1] ?? '', 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = await once(server.stdout, 'data');
  const figures = measureAll(rounds, String(port).trim());
  server.kill();
  const perCore = (side: SideName): string =>
    ((cpuOf(figures, side, 'http') * 1_000 * 100) / 60_000_000).toFixed(1);
  const goals = goalsOf(figures);
  for (const goal of goals) process.stdout.write(`${goalRow(goal).join(' | ')}\n`);
  const sizes = SIZES.map((size) => size.toLocaleString('en'));
  const head = [
    'CPU µs a poll',
    ...sizes.flatMap((size) => [size, '× loop']),
    '10,000 ÷ 100',
    'HTTP',
    '× loop',
  ];
  await writeReport(
    3,
    'overhead',
    `## Overhead

\`npm run bench -- overhead ${rounds}\`: CPU of the process for one poll cycle (wait, status read, what is made of it), medians of ${rounds} rounds in which all sides take
turns, each figure in a process of its own; in brackets the best round of both sides. *× loop* is by round. *In process*: ${SIZES.join(', ')} jobs that never end and stand at 45 %, each read every 2 s in virtual time, ${POLLS.toLocaleString('en')} polls, over one
transport that answers at once; so nothing but the client's own work is counted. *HTTP*: ${HTTP_JOBS} jobs on a real server in another process, every wait over
at once. *Loop* is an \`axios\` loop without any retry, limit or error handling. The lane is the whole of it: machine, client with its parsing and
redaction, limits, poll scheduler.

In process, the polls that count are those after ${SETTLING_POLLS.toLocaleString('en')} others that follow the measurement of memory, for all sides. Its forced collection makes the engine
forget what it has learned of the code and leaves the pages of the start to be swept; of the lane, that added 4 to 6 µs to each of the 20,000 polls that came next.

${table([head, ...SIDES.map((side) => row(figures, side))])}

By CPU profiles of the lane in process (1,000 jobs): before the polls were made lighter, garbage collection took 18 %, the error of parsing an empty text 6 %,
axios's merging of options 5 %. With options merged once, one timer for all requests and equal statuses read once, a poll cost half, of which
garbage collection took 30 %, the copy of a host transport's options 7 %, the judging of places 5 % and listeners of signals 3 %; the last two are gone since.
With 10,000 jobs a third of a poll was the search for the job unread longest, in a Map whose first entries are deleted all the time, and some more the walk
through the tree of all jobs that are on the server; both take constant time now. Of what was left, a sixth was the promise that each job awaited for its turn: ten small
objects that live until the job's next turn, and so are copied twice by the collector. One waiter for all turns of a job takes their place.

In absolute terms: the most that a Business key may read, 1,000 times a minute, costs the lane ${perCore('lane')} % of one core over HTTP, the loop
${perCore('axios loop')} %. A read that says what the job knows already does not wake its machine. One with a change does (*each read a change*): it leaves and enters two
states, each with a promise actor of its own, and renews the snapshot. That is XState's share.

Memory of a waiting job: heap after collection, less that before the first job (after ${WARM_UP} others, for the code), by job. A job is two XState actors: itself and
its turn; a third where it has a deadline.

${table([['kB a waiting job', ...sizes], ...SIDES.map((side) => memoryRow(figures, side))])}

${table([['goal', 'measured', 'wanted', ''], ...goals.map(goalRow)])}
`,
  );
}

const isSide = (text: string): text is SideName => SIDES.some((side) => side === text);

/** Not with fetch: it would live by the timers that were put in place for the side. */
const readsOf = (port: string): Promise<number> =>
  new Promise((resolve, reject) => {
    get(`http://127.0.0.1:${port}/reads`, (reply) => {
      reply.setEncoding('utf8');
      reply.once('data', (text: string) => resolve(Number(text)));
    }).once('error', reject);
  });

const [command = '', side = '', third = ''] = process.argv.slice(2);
if (command === 'serve') serveInstantly(limitFor(HTTP_JOBS) * 1_000);
else if (command === 'instant' && isSide(side)) {
  process.stdout.write(JSON.stringify(await measureInstantly(side, Number(third), POLLS)));
  process.exit(0);
} else if (command === 'http' && isSide(side)) {
  const root = `http://127.0.0.1:${third}`;
  const baseUrl = `${root}${side === 'lane, each read a change' ? '/changing' : ''}/api/v1`;
  const figures = await measureOverHttp(side, HTTP_JOBS, baseUrl, () => readsOf(third));
  process.stdout.write(JSON.stringify(figures));
  process.exit(0);
} else await main(Math.max(1, Number(command || 3)));
