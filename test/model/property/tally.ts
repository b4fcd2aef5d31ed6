import type { Run } from './run-scenario.js';

/** What a number of runs came to. */
export interface Tally {
  count(run: Run): void;
  runs(): number;
  requests(): number;
  outcomes(): Readonly<Record<string, number>>;
  faults(): Readonly<Record<string, number>>;
}

const outcomeOf = ({ output, standing }: Run): string => {
  if (output === undefined) return `waiting: ${standing.asked}`;
  if (output.status === 'detached') return `detached: ${output.reason}`;
  return output.status === 'failed' ? `failed: ${output.failure.kind}` : output.status;
};

const sorted = (counts: ReadonlyMap<string, number>): Readonly<Record<string, number>> =>
  Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));

export function createTally(): Tally {
  let [runs, requests] = [0, 0];
  const outcomes = new Map<string, number>();
  const faults = new Map<string, number>();
  const add = (counts: Map<string, number>, name: string): void =>
    void counts.set(name, (counts.get(name) ?? 0) + 1);
  return {
    count(run) {
      runs += 1;
      requests += run.model.log.length;
      add(outcomes, outcomeOf(run));
      for (const entry of run.model.log) for (const kind of entry.faults) add(faults, kind);
    },
    runs: () => runs,
    requests: () => requests,
    outcomes: () => sorted(outcomes),
    faults: () => sorted(faults),
  };
}

const words = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');

/** The tally as lines for people. */
export function describeTally(tally: Tally, seed: number): string {
  const faults = tally.faults();
  const injected = Object.values(faults).reduce((sum, count) => sum + count, 0);
  return [
    `property: ${tally.runs()} runs from seed ${seed}, ${tally.requests()} requests, ${injected} faults injected`,
    `  outcomes: ${words(tally.outcomes())}`,
    `  faults: ${words(faults)}`,
  ].join('\n');
}
