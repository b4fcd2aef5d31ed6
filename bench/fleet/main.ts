import { table, writeReport } from '../write-report.js';
import { emulatorSide } from './emulator-side.js';
import { laneSide } from './lane-side.js';
import { type Figures, measure } from './measure.js';
import { measureStarts } from './starts.js';

/** Jobs, and for how long each waits at least: longer than all starts and the measured windows take together. */
const SIZES: readonly (readonly [jobs: number, durationMs: number])[] = [
  [100, 240_000],
  [500, 300_000],
  [1_000, 330_000],
];
const GOALS = { pace: 0.97, cores: 0.3, stateBytes: 2_000, startsPerS: 25, delay: 1.1 };

const percent = (part: number): string => `${(part * 100).toFixed(1)} %`;
const mb = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);

const row = ({ jobs, fleet, lane, startCpuMs, stateBytesAJob, stateRowsAfter, load }: Figures): string[] => [
  String(jobs),
  `${percent(fleet.pace)} / ${percent(lane.pace)}`,
  `${fleet.engineCores.toFixed(2)} + ${fleet.cores.toFixed(2)} / ${lane.cores.toFixed(2)}`,
  `${mb(fleet.engineRssBytes)} + ${mb(fleet.rssBytes)} / ${mb(lane.rssBytes)}`,
  `${fleet.startsPerS.toFixed(1)} / ${lane.startsPerS.toFixed(1)}`,
  startCpuMs.toFixed(0),
  `${(fleet.meanDelayMs / 1_000).toFixed(2)} / ${(lane.meanDelayMs / 1_000).toFixed(2)}`,
  `${(stateBytesAJob / 1_000).toFixed(2)} / ${stateRowsAfter}`,
  `${fleet.refusals + fleet.tooSoon} / ${lane.refusals + lane.tooSoon}`,
  load.toFixed(1),
];

function shortfalls({ jobs, fleet, lane, stateBytesAJob, stateRowsAfter }: Figures): string[] {
  const cores = fleet.engineCores + fleet.cores;
  const delay = fleet.meanDelayMs / lane.meanDelayMs;
  return [
    ...(!(fleet.pace >= GOALS.pace) ? [`${jobs} jobs: pace ${percent(fleet.pace)} is short of 97 %`] : []),
    ...(jobs === 1_000 && cores > GOALS.cores
      ? [`${jobs} jobs: ${cores.toFixed(2)} cores is more than 0.3: short`]
      : []),
    ...(stateBytesAJob > GOALS.stateBytes
      ? [`${jobs} jobs: ${stateBytesAJob.toFixed(0)} bytes of state a job is more than 2,000: short`]
      : []),
    ...(stateRowsAfter > 0 ? [`${jobs} jobs: ${stateRowsAfter} rows of state were left: short`] : []),
    ...(fleet.startsPerS < GOALS.startsPerS
      ? [`${jobs} jobs: ${fleet.startsPerS.toFixed(1)} starts a second is short of 25`]
      : []),
    ...(delay > GOALS.delay
      ? [`${jobs} jobs: changes are delivered ${delay.toFixed(2)} × as late as in the lane: short of 1.1`]
      : []),
  ];
}

async function main(): Promise<void> {
  const only = process.argv[2] === undefined ? undefined : Number(process.argv[2]);
  const figures: Figures[] = [];
  for (const [jobs, durationMs] of SIZES) {
    if (only !== undefined && jobs > only) continue;
    const one = await measure(jobs, durationMs);
    figures.push(one);
    process.stdout.write(`${JSON.stringify(one)}\n`);
  }
  const head = [
    'waiting jobs',
    'pace kept',
    'cores: engine + workers / lane',
    'MB: engine + workers / lane',
    'starts a second',
    'processor ms a start',
    'change → result asked for, s',
    'kB of state a job / rows after',
    '429 and reads too soon',
    'load',
  ];
  const short = figures.flatMap(shortfalls);
  await writeReport(
    6,
    'fleet',
    `## Fleet: the same machine on a durable engine

\`npm run bench -- fleet\`: one engine and two workers beside the in-process lane, at the same time on the same machine, each with a key of
1,000 status reads a minute, all of them against one emulator. The jobs say nothing new until they are done, which they are in the course of a
round of reads, by lot. Pace, processors and memory are
those of two whole windows of the limit in which every job waits. Figures are fleet / lane. The load is that of the machine at the end: what else ran on it.

${table([head, ...figures.map(row)])}

Goals: 97 % of the allowed pace, 0.3 cores at 1,000 waiting jobs, 2 kB of state a waiting job and none after the end, 25 starts a second, and
changes at most 1.1 × as late as in the lane.
${short.length === 0 ? 'All are met.' : short.map((line) => `- ${line}`).join('\n')}
`,
  );
}

const [mode, first = '', second = ''] = process.argv.slice(2);
if (mode === 'emulator') await emulatorSide(Number(first), Number(second));
else if (mode === 'starts') {
  await measureStarts(Number(first || 200));
  process.exit(0);
} else if (mode === 'lane') await laneSide(JSON.parse(first));
else {
  await main();
  process.exit(0);
}
