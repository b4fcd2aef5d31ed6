import { describe, expect, it } from 'vitest';
import { startGoalJob } from '../../../src/engine/job/index.js';
import type { PortOptions } from '../../../src/machines/ports.js';
import { job, reading, scriptedPorts } from '../../support/scripted-ports.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

const attached = job({ status: 'executing', statusWord: 'executing', progress: 30, itemVersion: 3 });

/** Attaches to an executing job, and detaches it in its first read of the status. */
async function detachInRead(use: (options: PortOptions) => AbortSignal) {
  const clock = createVirtualClock();
  const { ports } = scriptedPorts(clock, { getJob: [attached] });
  let signal: AbortSignal | undefined;
  const handle = startGoalJob({
    ports: {
      ...ports,
      getStatus: (_, options) => {
        signal = use(options);
        return new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal?.reason));
        });
      },
    },
    clock,
    input: { jobSpecId: 'job_1' },
  });
  await clock.runUntil(() => signal !== undefined, 3_600_000);
  const before = signal?.aborted;
  const output = await handle.detach();
  return { before, after: signal?.aborted, reason: signal?.reason, output };
}

describe('the signal of a port', () => {
  it.each([
    ['read from the options', (options: PortOptions) => options.signal],
    ['spread with them', (options: PortOptions) => ({ ...options }).signal],
    [
      'combined with another',
      ({ signal }: PortOptions) => AbortSignal.any([signal, new AbortController().signal]),
    ],
  ])('%s, aborts when the job is detached, which waits for the port', async (_, use) => {
    const { before, after, reason, output } = await detachInRead(use);
    expect([before, after, output.status]).toEqual([false, true, 'detached']);
    expect(reason).toMatchObject({ name: 'AbortError' });
  });

  it('is not aborted when its call is answered', async () => {
    const clock = createVirtualClock();
    const { ports } = scriptedPorts(clock, { getJob: [attached], getStatus: [reading('completed')] });
    const signals: AbortSignal[] = [];
    const handle = startGoalJob({
      ports: {
        ...ports,
        getStatus(input, options) {
          signals.push(options.signal);
          return ports.getStatus(input, options);
        },
      },
      clock,
      input: { jobSpecId: 'job_1' },
    });
    await clock.runUntil(() => handle.view().state === 'completed', 3_600_000);
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
  });
});
