import { describe, expect, it } from 'vitest';
import type { SnapshotFrom } from 'xstate';
import { getAdjacencyMap } from 'xstate/graph';
import { goalJobMachine, type JobInput } from '../../src/machines/index.js';
import { CALLS, type EnvironmentEvent, invokedBy, possibleEvents } from './environment.js';
import { keyOf } from './key.js';

type Snapshot = SnapshotFrom<typeof goalJobMachine>;

const retry = { maxAttempts: 2, baseMs: 0, capMs: 0, maxTotalMs: 1 };
const fresh: JobInput = { workflowId: 'wf', files: ['f'], retry };

/** Together they visit every policy that a host can choose. */
const inputs: Readonly<Record<string, JobInput>> = {
  'a new job, a person answers': fresh,
  'a new job, answers prepared, manual confirm': { ...fresh, answers: { a: 'ours' }, confirm: 'manual' },
  'a new job, nobody to ask, create repeated': {
    ...fresh,
    slots: { a: 'ours' },
    missingSlots: 'fail',
    onUnknownOutcome: 'retry',
  },
  'our values win, link delivered': {
    ...fresh,
    answers: { a: 'ours' },
    onSlotConflict: 'ours',
    onUnknownOutcome: 'fail',
    delivery: 'link',
  },
  'their values win, a list of answers': {
    ...fresh,
    answers: { a: ['ours', 'more'] },
    onSlotConflict: 'theirs',
  },
  'attached, past its deadline': { jobSpecId: 'j', retry, deadlineAt: -1 },
  'attached, a person answers': { jobSpecId: 'j', retry },
};

const explore = (input: JobInput) =>
  getAdjacencyMap(goalJobMachine, {
    input,
    limit: 150_000,
    serializeState: (snapshot) => keyOf(snapshot),
    serializeEvent: (event) => JSON.stringify(event),
    // The environment speaks in the events that XState itself makes of an actor's answer.
    events: (snapshot) => possibleEvents(snapshot) as never[],
  });

type World = ReturnType<typeof explore>;

/** Backwards from every rest: whatever is not reached is a trap. */
function trapped(world: World): string[] {
  const before = new Map<string, string[]>();
  for (const [key, { transitions }] of Object.entries(world)) {
    for (const { state } of Object.values(transitions)) {
      const next = keyOf(state);
      before.set(next, [...(before.get(next) ?? []), key]);
    }
  }
  const rests = Object.entries(world).filter(
    ([, { state }]) => state.status !== 'active' || state.hasTag('user-input'),
  );
  const saved = new Set(rests.map(([key]) => key));
  const queue = [...saved];
  for (let key = queue.pop(); key !== undefined; key = queue.pop()) {
    for (const previous of before.get(key) ?? []) {
      if (saved.has(previous)) continue;
      saved.add(previous);
      queue.push(previous);
    }
  }
  return Object.keys(world).filter((key) => !saved.has(key));
}

const sentVersionOf = (input: unknown): number | undefined =>
  typeof input === 'object' &&
  input !== null &&
  'itemVersion' in input &&
  typeof input.itemVersion === 'number'
    ? input.itemVersion
    : undefined;

/** The version that a successful answer shows. */
function shownVersion(event: EnvironmentEvent): number | undefined {
  const { output } = event;
  if (typeof output !== 'object' || output === null || !('value' in output)) return undefined;
  return sentVersionOf(output.value);
}

function versionBreaches(world: World): string[] {
  const breaches: string[] = [];
  for (const { state, transitions } of Object.values(world)) {
    for (const { id, src, input } of invokedBy(state)) {
      const sent = sentVersionOf(input);
      if (sent !== undefined && sent !== state.context.itemVersion)
        breaches.push(`${src} ${id} sends ${sent}`);
    }
    for (const { event, state: next } of Object.values(transitions)) {
      const held = next.context.itemVersion ?? 0;
      const seen = Math.max(state.context.itemVersion ?? 0, shownVersion(event) ?? 0);
      if (next.status === 'active' && held < seen)
        breaches.push(`${JSON.stringify(state.value)} ${event.type} holds ${held} < ${seen}`);
    }
  }
  return breaches;
}

let explored = 0;

describe('the machine against an environment that may answer anything', () => {
  it.each(Object.entries(inputs))('%s', (_, input) => {
    const world = explore(input);
    const states = Object.values(world);
    explored += states.length;
    expect(states.length).toBeGreaterThan(50);
    expect(trapped(world)).toEqual([]);
    expect(versionBreaches(world)).toEqual([]);
    const crowded = states.filter(
      ({ state }) => invokedBy(state).filter(({ src }) => CALLS.has(src)).length > 1,
    );
    expect(crowded.map(({ state }) => state.value)).toEqual([]);
  });

  it('prints how much was explored', () => {
    console.log(`exhaustive: ${explored} states explored`);
    expect(explored).toBeGreaterThan(5_000);
  });
});
