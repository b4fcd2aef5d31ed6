import { expect, it } from 'vitest';
import { createQueueWatch } from '../../../../src/engine/lane/starts/queue-watch.js';
import { createVirtualClock } from '../../../support/virtual-clock.js';

function scene() {
  const clock = createVirtualClock();
  const asked: unknown[] = [];
  const watch = createQueueWatch(
    clock,
    () => ({
      placeInQueue(rank) {
        asked.push(rank);
        return { place: 2, of: 3 };
      },
    }),
    (jobId) => (jobId === 'a' ? { priority: 1, order: 7 } : undefined),
  );
  let heard = 0;
  const listen = () =>
    watch.onChange('a', () => {
      heard += 1;
    });
  return { clock, watch, asked, listen, heard: () => heard };
}

it('knows the position of a job that has a rank', () => {
  const { watch, asked } = scene();
  expect([watch.queuePlace('a'), watch.queuePlace('b')]).toEqual([{ place: 2, of: 3 }, undefined]);
  expect(asked).toEqual([{ priority: 1, order: 7 }]);
});

it('reports many changes at once, a tenth of a second after the first', async () => {
  const { clock, watch, listen, heard } = scene();
  listen();
  listen();
  for (let change = 0; change < 5; change += 1) watch.changed();
  await clock.advance(99);
  watch.changed();
  expect(heard()).toBe(0);
  await clock.advance(1);
  expect(heard()).toBe(2);
  await clock.advance(1_000);
  expect([heard(), clock.pending()]).toEqual([2, 0]);
  watch.changed();
  await clock.advance(100);
  expect(heard()).toBe(4);
});

it('needs no timer without a listener', async () => {
  const { clock, watch, listen, heard } = scene();
  watch.changed();
  const stop = listen();
  stop();
  watch.changed();
  expect([clock.pending(), heard()]).toEqual([0, 0]);
});

it('reports nothing once it was stopped', async () => {
  const { clock, watch, listen, heard } = scene();
  watch.stop();
  listen();
  watch.changed();
  watch.stop();
  expect(clock.pending()).toBe(0);
  watch.changed();
  expect(clock.pending()).toBe(0);
  await clock.advance(1_000);
  expect(heard()).toBe(0);
});

it('calls a listener that leaves while it is called no more, and the others all the same', async () => {
  const { clock, watch } = scene();
  const heard: string[] = [];
  const stop = watch.onChange('a', () => {
    heard.push('a');
    stop();
  });
  watch.onChange('a', () => void heard.push('b'));
  for (let turn = 0; turn < 2; turn += 1) {
    watch.changed();
    await clock.advance(100);
  }
  expect(heard).toEqual(['a', 'b', 'b']);
});
