import { expect, it } from 'vitest';
import { createCatalogCache } from '../../../src/engine/lane/catalog-cache.js';
import type { Workflow } from '../../../src/services/wire/wire-types.js';
import { workflow } from '../../support/scripted-ports.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const signal = new AbortController().signal;

function scene() {
  const clock = createVirtualClock();
  const answers: { resolve(workflows: readonly Workflow[]): void; reject(error: Error): void }[] = [];
  const load = (): Promise<readonly Workflow[]> =>
    new Promise((resolve, reject) => answers.push({ resolve, reject }));
  return { clock, answers, cache: createCatalogCache(load, clock) };
}

it('asks once for all who ask at the same time', async () => {
  const { answers, cache } = scene();
  const all = Promise.all([
    cache.load({}, { signal, jobId: 'a' }),
    cache.load({}, { signal, jobId: 'b' }),
    cache.catalog(),
  ]);
  answers[0]?.resolve([workflow()]);
  expect((await all).map((workflows) => workflows.length)).toEqual([1, 1, 1]);
  expect(answers).toHaveLength(1);
});

it('does not keep a failure', async () => {
  const { answers, cache } = scene();
  const first = cache.catalog();
  answers[0]?.reject(new Error('offline'));
  await expect(first).rejects.toThrow('offline');
  const second = cache.catalog();
  answers[1]?.resolve([]);
  expect(await second).toEqual([]);
});

it('lets one go without taking the answer from the others', async () => {
  const { answers, cache } = scene();
  const abort = new AbortController();
  const mine = cache.load({}, { signal: abort.signal, jobId: 'a' });
  const theirs = cache.load({}, { signal, jobId: 'b' });
  abort.abort();
  await expect(mine).rejects.toThrow();
  answers[0]?.resolve([workflow()]);
  expect(await theirs).toHaveLength(1);
});

it('asks again after a while', async () => {
  const { clock, answers, cache } = scene();
  void cache.catalog();
  answers[0]?.resolve([]);
  await clock.advance(3_600_000);
  void cache.catalog();
  expect(answers).toHaveLength(2);
});
