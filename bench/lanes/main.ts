import { createGoalLane } from '../../src/adapters/node/create-node-lane.js';
import { table, writeReport } from '../write-report.js';

const KEYS = 1_000;
const WARM_UP = 50;
const GOALS = { bytes: 20_000, ms: 1 };

const heap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};

const laneOf = (at: number) => createGoalLane({ apiKey: `bench-key-${at}-0123456789`, outDir: 'unused' });

/** What the first lanes of a process bring along, code above all, is not a lane's. */
const warm = Array.from({ length: WARM_UP }, (_, at) => laneOf(at));
const before = heap();
const cpu = process.cpuUsage();
const lanes = Array.from({ length: KEYS }, (_, at) => laneOf(WARM_UP + at));
const { user, system } = process.cpuUsage(cpu);
const bytes = (heap() - before) / KEYS;
const ms = (user + system) / 1_000 / KEYS;
await Promise.all([...warm, ...lanes].map((lane) => lane.close()));

const verdict = (is: number, goal: number): string => (is <= goal ? 'met' : 'short');
const rows = [
  ['goal', 'measured', 'wanted', ''],
  ['kB a lane', (bytes / 1_000).toFixed(1), `≤ ${GOALS.bytes / 1_000}`, verdict(bytes, GOALS.bytes)],
  ['CPU ms a lane', ms.toFixed(3), `≤ ${GOALS.ms}`, verdict(ms, GOALS.ms)],
];
process.stdout.write(`${table(rows)}\n`);
await writeReport(
  5,
  'lanes',
  `## A lane more in the process

\`npm run bench -- lanes\`: ${KEYS.toLocaleString('en')} lanes, each with a key of its own, made in a process that has made ${WARM_UP} before; no job runs yet. Memory: heap
after collection. All lanes share one bound machine.

${table(rows)}
`,
);
