import { expect, it } from 'vitest';
import { detachAll } from '../../../src/engine/durable/resumable-jobs.js';

it('a job that waits for the reply to its create holds no other job back', async () => {
  let called = 0;
  let answer = (): void => undefined;
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const jobs = Array.from({ length: 40 }, () => ({
    detach() {
      called += 1;
      return answered;
    },
  }));
  let isOver = false;
  const all = detachAll(jobs).then(() => {
    isOver = true;
  });
  await expect.poll(() => called, { timeout: 5_000 }).toBe(jobs.length);
  expect(isOver).toBe(false);
  answer();
  await all;
});
