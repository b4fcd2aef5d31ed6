import { spawnSync } from 'node:child_process';

/** Something that a process of its own imports; undefined: nothing. */
export interface Import {
  readonly name: string;
  readonly folder: string;
  readonly specifier?: string;
}

const middle = (values: readonly number[]): number => {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

function once({ folder, specifier }: Import): number {
  const code = specifier === undefined ? '' : `await import(${JSON.stringify(specifier)})`;
  const began = performance.now();
  const { status } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { cwd: folder });
  if (status !== 0) throw new Error(`${specifier} cannot be imported`);
  return performance.now() - began;
}

/**
 * How much longer a process takes that imports something than one that imports nothing: the median over rounds of the difference within a
 * round, in ms. Each round runs them all, in an order that alternates, so that what else the machine does befalls each alike.
 */
export function importTimes(imports: readonly Import[], rounds: number): ReadonlyMap<string, number> {
  const [first] = imports;
  if (first === undefined) return new Map();
  const empty: Import = { name: '', folder: first.folder };
  const taken = new Map<string, number[]>();
  for (let round = 0; round < rounds; round += 1) {
    const all = [empty, ...imports];
    const times = new Map((round % 2 === 0 ? all : all.reverse()).map((one) => [one.name, once(one)]));
    for (const [name, ms] of times)
      taken.set(name, [...(taken.get(name) ?? []), ms - (times.get('') ?? Number.NaN)]);
  }
  return new Map([...taken].filter(([name]) => name !== '').map(([name, all]) => [name, middle(all)]));
}
