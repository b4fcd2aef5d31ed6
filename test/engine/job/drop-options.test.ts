import { describe, expect, it } from 'vitest';
import { type AnyActorRef, createActor, fromPromise, setup } from 'xstate';
import { startGoalJob } from '../../../src/engine/job/index.js';
import { job, reading, scriptedPorts } from '../../support/scripted-ports.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const machine = setup({
  actors: { call: fromPromise<string>(() => new Promise(() => undefined)) },
}).createMachine({
  initial: 'calling',
  states: {
    calling: {
      invoke: { src: 'call', onDone: 'called' },
      on: { AGAIN: { target: 'calling', reenter: true } },
    },
    called: {},
  },
});

/** Notes what is read of an actor's options from now on. */
function watchOptions(actor: AnyActorRef, read: Set<PropertyKey>): void {
  const options = new Proxy(
    {},
    {
      get(_, name) {
        read.add(name);
        return undefined;
      },
      ownKeys() {
        read.add('(all)');
        return [];
      },
    },
  );
  expect(Reflect.has(actor, 'options')).toBe(true);
  Reflect.set(actor, 'options', options);
}

const callOf = (actor: AnyActorRef): AnyActorRef => {
  const child = actor.getSnapshot().children['0.(machine).calling'];
  if (child === undefined) throw new Error('no call');
  return child;
};

describe('the options of an actor', () => {
  it('are not read by XState after its start: to restart, persist, settle or stop', () => {
    const read = new Set<PropertyKey>();
    const actor = createActor(machine).start();
    watchOptions(actor, read);
    watchOptions(callOf(actor), read);
    actor.send({ type: 'AGAIN' });
    watchOptions(callOf(actor), read);
    const persisted = actor.getPersistedSnapshot();
    callOf(actor).send({ type: 'xstate.promise.resolve', data: 'done' });
    expect(actor.getSnapshot().value).toBe('called');
    actor.start();
    actor.stop();
    const again = createActor(machine, { snapshot: persisted }).start();
    watchOptions(again, read);
    watchOptions(callOf(again), read);
    again.stop();
    expect([...read]).toEqual([]);
  });

  it('are not kept by a waiting job and its call', async () => {
    const clock = createVirtualClock();
    const attached = job({ status: 'executing', statusWord: 'executing', progress: 30, itemVersion: 3 });
    const { ports } = scriptedPorts(clock, { getJob: [attached], getStatus: [reading('executing')] });
    const { actor } = startGoalJob({ ports, clock, input: { jobSpecId: 'job_1' } });
    await clock.runUntil(() => actor.getSnapshot().matches({ executing: 'awaitingTurn' }), 3_600_000);
    const [call] = Object.values(actor.getSnapshot().children);
    expect([actor, call].map((one) => Object.keys(Reflect.get(one ?? {}, 'options')))).toEqual([[], []]);
    actor.stop();
  });
});
