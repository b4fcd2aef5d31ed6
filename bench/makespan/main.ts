import { PEERS } from '../peers/peers.js';
import { type Outcome, runLane, runPeer } from '../peers/trial.js';
import { table, writeReport } from '../write-report.js';
import { createWorkload, type Workload } from './workload.js';

const JOBS = 200;
const PLACES = 100;
/** As many loops of 2 s as 1,000 reads a minute can feed. */
const WITHIN = 33;

interface Contender {
  readonly name: string;
  run(workload: Workload): Promise<Outcome>;
}

const CONTENDERS: readonly Contender[] = [
  { name: 'lane, nothing learned', run: (workload) => runLane(workload) },
  { name: 'lane, after as many jobs before', run: (workload) => runLane(workload, 1) },
  ...PEERS.map((peer) => ({ name: peer.name, run: (workload: Workload) => runPeer(peer, workload) })),
  ...PEERS.map((peer) => ({
    name: `${peer.name}, ${WITHIN} at once`,
    run: (workload: Workload) => runPeer(peer, { ...workload, concurrency: WITHIN }),
  })),
];

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};
const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

interface Figures {
  readonly name: string;
  readonly makespanS: number;
  readonly timesIdeal: number;
  readonly meanEndS: number;
  readonly meanTimesIdeal: number;
  readonly pollsPerJob: number;
  readonly finished: number;
  readonly refusals: number;
}

async function measure(contender: Contender, workloads: readonly Workload[]): Promise<Figures> {
  const runs: { readonly outcome: Outcome; readonly workload: Workload }[] = [];
  for (const workload of workloads) runs.push({ outcome: await contender.run(workload), workload });
  return {
    name: contender.name,
    makespanS: median(runs.map(({ outcome }) => outcome.makespanMs / 1_000)),
    timesIdeal: median(runs.map(({ outcome, workload }) => outcome.makespanMs / workload.idealMs)),
    meanEndS: median(runs.map(({ outcome }) => outcome.meanEndMs / 1_000)),
    meanTimesIdeal: median(runs.map(({ outcome, workload }) => outcome.meanEndMs / workload.idealMeanMs)),
    pollsPerJob: mean(runs.map(({ outcome }) => outcome.statusReads / outcome.jobs)),
    finished: mean(runs.map(({ outcome }) => outcome.finished)),
    refusals: mean(runs.map(({ outcome }) => outcome.refusedReads + outcome.refusedCreates)),
  };
}

const seeds = Math.max(1, Number(process.argv[2] ?? 5));
const workloads = Array.from({ length: seeds }, (_, at) => createWorkload(JOBS, PLACES, at + 1));
const all: Figures[] = [];
for (const contender of CONTENDERS) {
  const figures = await measure(contender, workloads);
  all.push(figures);
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}
const ours = all[0]?.pollsPerJob ?? Number.NaN;
/** Jobs that were lost make a makespan short. */
const rows = all.map((figures) => [
  figures.name,
  ...(figures.finished < JOBS
    ? ['–', '–', '–', '–']
    : [
        figures.makespanS.toFixed(0),
        figures.timesIdeal.toFixed(2),
        figures.meanEndS.toFixed(1),
        figures.meanTimesIdeal.toFixed(2),
      ]),
  figures.pollsPerJob.toFixed(1),
  (figures.pollsPerJob / ours).toFixed(2),
  `${figures.finished.toFixed(1)} / ${JOBS}`,
  figures.refusals.toFixed(0),
]);
const head = [
  'contender',
  'makespan s',
  '× ideal',
  'mean end s',
  '× ideal',
  'polls per job',
  '× lane',
  'finished',
  '429s a run',
];
await writeReport(
  2,
  'makespan',
  `## Makespan

\`npm run bench -- makespan ${seeds}\`: ${JOBS} jobs on a Business key (${PLACES} at once, 1,000 reads a minute, fixed window), ${seeds} seeds, medians of
the makespan. Eight workflows whose durations are lognormal around 15 s to 60 s, half of them with noisy progress; 80 ms round trips.
*Mean end*: from the first order of all to the end of each. *Ideal* is the list schedule of one who knows of every change at once. The peers are the real packages, with their own retries and timers, in
virtual time: each ends in the emulator through the transport that it documents (\`adapter\`, \`fetch\`, \`HttpClient\`). Two of them know only
their own server's wire format: their requests are translated, one for one. All poll every 2 s and run ${PLACES} jobs at once, or
only the ${WITHIN} that the limit can feed at that pace. A job that a peer's code gives up on, because of a 429 for example, is lost; where jobs
are lost there is no makespan.

${table([head, ...rows])}
`,
);
