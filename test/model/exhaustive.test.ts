import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { goalJobMachine } from '../../src/machines/index.js';
import { createCoverage, nameOf } from './coverage.js';
import { walk } from './directed-paths.js';
import type { Proof } from './prove-world.js';
import { type Proving, proveWorlds } from './prove-worlds.js';
import { worlds } from './worlds.js';

const names = Object.keys(worlds);
/** The two cores of the smallest machine that this is for; the largest worlds stand last, and go first. */
const THREADS = 2;

const proofs: Proof[] = [];
let proving: Proving;
let before: NodeJS.CpuUsage;

beforeAll(async () => {
  before = process.cpuUsage();
  proving = await proveWorlds(names.toReversed(), THREADS);
});
afterAll(() => proving.stop());

const sum = (number: (proof: Proof) => number): number =>
  proofs.reduce((all, proof) => all + number(proof), 0);

// Seconds on a free machine; a shared one may need many times that.
describe('the machine against an environment that may answer anything', { timeout: 900_000 }, () => {
  it.each(names.toReversed())('%s', async (name) => {
    const proof = await proving.proofOf(name);
    proofs.push(proof);
    const { breaches, traps, loops, states } = proof;
    expect({ breaches, traps, loops }).toEqual({ breaches: [], traps: [], loops: [] });
    expect(states).toBeGreaterThan(10);
  });

  it('prints how much was explored', () => {
    const [states, steps] = [sum((proof) => proof.states), sum((proof) => proof.steps)];
    // Of all threads of this process: what others do to the machine meanwhile makes no difference.
    const { user, system } = process.cpuUsage(before);
    console.log(
      `exhaustive: ${states} states explored, ${steps} steps tried, ${names.length} worlds, ` +
        `${Math.round(steps / ((user + system) / 1e6))} steps a second of a processor`,
    );
    expect(states).toBeGreaterThan(200_000);
  });

  it('takes every state and every transition, by ways that a real actor walks to the same end', async () => {
    const coverage = createCoverage(goalJobMachine);
    let walked = 0;
    for (const { world: name, ways } of proofs) {
      const world = worlds[name];
      const missing = new Set(coverage.missingTransitions().map(nameOf));
      if (world === undefined || missing.size === 0) continue;
      for (const [transition, labels] of Object.entries(ways)) {
        if (!missing.has(transition)) continue;
        await walk(world, labels, coverage.inspect);
        walked += 1;
      }
    }
    const [states, transitions] = [coverage.states(), coverage.transitions()];
    console.log(
      `directed: ${walked} ways took ${transitions.taken} of ${transitions.all} transitions, and ${states.taken} of ${states.all} states`,
    );
    expect(coverage.missingStates()).toEqual([]);
    expect(coverage.missingTransitions().map(nameOf)).toEqual([]);
  });
});
