import { describe, expect, it } from 'vitest';
import { layered } from '../../../../src/engine/binding/ports-layer.js';
import { countReplies } from '../../../../src/engine/lane/reads/count-replies-layer.js';
import type { Poller } from '../../../../src/engine/lane/reads/poller.js';
import { readTurns } from '../../../../src/engine/lane/reads/read-turns-layer.js';
import type { RateBudget } from '../../../../src/services/limits/rate-budget.js';
import { failure, reading, scriptedPorts } from '../../../support/scripted-ports.js';
import { createVirtualClock } from '../../../support/virtual-clock.js';

const of = (jobId: string) => ({ jobId, signal: new AbortController().signal });
const ONE = { jobSpecId: 'job_1' };

/** Records its calls. */
function scriptedPoller(known: readonly string[] = []): { poller: Poller; said: unknown[] } {
  const said: unknown[] = [];
  const note = (...words: unknown[]): void => void said.push(words);
  const poller: Poller = {
    began: (jobId) => note('began', jobId),
    knows: (jobId) => known.includes(jobId),
    turn: async (request) => note('turn', request),
    wait: (request) => note('wait', request),
    observe: (jobId, { status }) => note('observe', jobId, status),
    failed: (jobId, isSent) => note('failed', jobId, isSent),
    wake: () => note('wake'),
    forget: (jobId) => note('forget', jobId),
  };
  return { poller, said };
}

describe('status reads in turn', () => {
  it('wait for their turn, with the workflow of a job whose start is not known to the poller yet', async () => {
    const { poller, said } = scriptedPoller(['known']);
    const ports = layered(
      scriptedPorts(createVirtualClock()).ports,
      readTurns(poller, (jobId) => (jobId === 'stranger' ? undefined : `workflow of ${jobId}`)),
    );
    for (const jobId of ['known', 'fresh', 'stranger'])
      await ports.pollTurn({ ...ONE, notBefore: 7 }, of(jobId));
    const bare = layered(scriptedPorts(createVirtualClock()).ports, readTurns(poller));
    await bare.pollTurn({ ...ONE, notBefore: 8 }, of('fresh'));
    expect(said).toEqual([
      ['turn', { jobId: 'known', notBefore: 7 }],
      ['turn', { jobId: 'fresh', notBefore: 7, workflowId: 'workflow of fresh' }],
      ['turn', { jobId: 'stranger', notBefore: 7 }],
      ['turn', { jobId: 'fresh', notBefore: 8 }],
    ]);
  });

  it('report the beginning of a stretch, and each result', async () => {
    const { poller, said } = scriptedPoller();
    const { ports: base } = scriptedPorts(createVirtualClock(), {
      confirmJob: [{ jobSpecId: 'job_1' }, failure('server')],
      getStatus: [
        reading('executing'),
        failure('server'),
        failure('rate-limited'),
        failure('rate-limited', { status: 429 }),
      ],
    });
    const ports = layered(base, readTurns(poller));
    const confirm = () => ports.confirmJob({ ...ONE, itemVersion: 1 }, of('a'));
    expect(await confirm()).toEqual({ jobSpecId: 'job_1' });
    await expect(confirm()).rejects.toMatchObject({ kind: 'server' });
    expect(await ports.getStatus(ONE, of('a'))).toEqual(reading('executing'));
    for (const _ of [1, 2, 3])
      await expect(ports.getStatus(ONE, of('a'))).rejects.toMatchObject({ delivery: 'refused' });
    // A limit that is known to be shut sends nothing.
    expect(said).toEqual([
      ['began', 'a'],
      ['observe', 'a', 'executing'],
      ['failed', 'a', true],
      ['failed', 'a', false],
      ['failed', 'a', true],
    ]);
  });
});

describe('replies that carry no headers', () => {
  it('are counted all the same, and losses too', async () => {
    const clock = createVirtualClock();
    const said: unknown[] = [];
    const budget: RateBudget = {
      mayAt: () => undefined,
      observe: (exchange) => void said.push(exchange),
      onLost: (...words) => void said.push(words),
      snapshot: () => ({}),
      restore: () => undefined,
    };
    const { ports: base } = scriptedPorts(clock, { getStatus: [reading('executing'), failure('server')] });
    const slow = layered(base, (inner) => ({
      ...inner,
      async getStatus(input, options) {
        await clock.advance(30);
        return inner.getStatus(input, options);
      },
    }));
    const sentAt = clock.now();
    const ports = layered(slow, countReplies(budget, clock));
    expect(await ports.getStatus(ONE, of('a'))).toEqual(reading('executing'));
    await expect(ports.getStatus(ONE, of('a'))).rejects.toMatchObject({ kind: 'server' });
    expect(said).toEqual([
      { endpoint: 'status', sentAt, receivedAt: sentAt + 30, status: 200 },
      ['status', sentAt + 60],
    ]);
    // A budget need not count losses.
    const { onLost: _, ...deaf } = budget;
    const other = layered(
      scriptedPorts(clock, { getStatus: [failure('server')] }).ports,
      countReplies(deaf, clock),
    );
    await expect(other.getStatus(ONE, of('a'))).rejects.toMatchObject({ kind: 'server' });
  });
});
