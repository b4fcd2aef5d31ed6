import type { FaultRule } from '../../src/adapters/emulator/index.js';
import { createWorkload } from '../makespan/workload.js';
import { PEERS } from '../peers/peers.js';
import { type Outcome, runLane, runPeer, type Trial } from '../peers/trial.js';
import { table, writeReport } from '../write-report.js';

const JOBS = 200;
/** The plan's own number, and as many loops of 2 s as its 1,000 reads a minute can feed. */
const PLACES = [100, 33];

/** 5 % of all replies of the API: half are lost after the request was acted on, the others are errors of a gateway before and after the act. */
const FAULTS: readonly FaultRule[] = [
  { fault: { kind: 'reset', when: 'after' }, probability: 0.025 },
  { fault: { kind: 'http-error', status: 503 }, probability: 0.015 },
  { fault: { kind: 'http-error', status: 502, acted: true }, probability: 0.01 },
];

interface Contender {
  readonly name: string;
  run(trial: Trial): Promise<Outcome>;
}

const CONTENDERS: readonly Contender[] = [
  { name: 'lane', run: (trial) => runLane(trial) },
  ...PEERS.map((peer) => ({ name: peer.name, run: (trial: Trial) => runPeer(peer, trial) })),
];

interface Sums {
  readonly name: string;
  readonly jobs: number;
  readonly finished: number;
  readonly duplicates: number;
  readonly refusals: number;
  readonly questions: number;
}

async function measure(contender: Contender, places: number, seeds: number): Promise<Sums> {
  const outcomes: Outcome[] = [];
  for (let seed = 1; seed <= seeds; seed += 1)
    outcomes.push(await contender.run(createWorkload(JOBS, places, seed, FAULTS)));
  const sum = (of: (outcome: Outcome) => number): number =>
    outcomes.reduce((total, outcome) => total + of(outcome), 0);
  return {
    name: contender.name,
    jobs: sum(({ jobs }) => jobs),
    finished: sum(({ finished }) => finished),
    duplicates: sum(({ duplicates }) => duplicates),
    refusals: sum(({ refusedReads, refusedCreates }) => refusedReads + refusedCreates),
    questions: sum(({ questions }) => questions),
  };
}

const row = ({ name, jobs, finished, duplicates, refusals, questions }: Sums): string[] => [
  name,
  `${finished} / ${jobs}`,
  `${((100 * finished) / jobs).toFixed(1)} %`,
  String(duplicates),
  String(refusals),
  String(questions),
];

const HEAD = ['contender', 'finished', '', 'duplicate creates', '429s', 'asked a person'];
const seeds = Math.max(1, Number(process.argv[2] ?? 5));
const sections: string[] = [];
const missed: string[] = [];
for (const places of PLACES) {
  const all: Sums[] = [];
  for (const contender of CONTENDERS) {
    const sums = await measure(contender, places, seeds);
    all.push(sums);
    process.stdout.write(`${places} at once: ${JSON.stringify(sums)}\n`);
  }
  const [ours] = all;
  if (ours !== undefined && (ours.finished < ours.jobs || ours.duplicates + ours.refusals > 0))
    missed.push(`${places} at once: ${row(ours).join(', ')}`);
  sections.push(`### ${places} jobs at once\n\n${table([HEAD, ...all.map(row)])}`);
}
for (const shortfall of missed) process.stdout.write(`missed: ${shortfall}\n`);
await writeReport(
  5,
  'faults',
  `## Faults

\`npm run bench -- faults ${seeds}\`: ${JOBS} jobs on a Business key (1,000 reads a minute), ${seeds} seeds, summed; 5 % of all replies are lost after the request
was acted on (2.5 %), or are a 503 (1.5 %, not acted on) or a 502 (1 %, acted on). Uploads and the storage of results are left out, for all.
Same peers, transports and virtual time as under *Makespan*; their retries are those of their documented defaults, the loop's are 5 with exponential
delay from 1 s. *Duplicate creates*: jobs on the server beyond one for each that was ordered. *Asked a person*: whether a create whose reply was lost
had been acted on; the answer is read from the account, as a person would, and the job is adopted or created.

${sections.join('\n\n')}

${missed.length === 0 ? 'The goal (100 % finished, no duplicate, no 429) is met.' : `Missed: ${missed.join('; ')}.`}
`,
);
