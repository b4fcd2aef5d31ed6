import type { AxiosAdapter } from 'axios';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createGoalClient } from '../../src/services/create-goal-client.js';

const ok = (text: string) => ({ data: text, status: 200, statusText: '', headers: {} });
const STATUS = '{"status":"executing","progress":45}';

function clientOf(adapter: AxiosAdapter) {
  return createGoalClient({
    apiKey: 'a-long-key',
    baseUrl: 'https://api.test/v1',
    adapter,
    requestTimeoutMs: 1_000,
  });
}

/** Never answers, but ends with its signal. */
const silent: AxiosAdapter = ({ signal }) =>
  new Promise((_, reject) =>
    signal?.addEventListener?.('abort', () => reject(new Error(String(Reflect.get(signal, 'reason'))))),
  );

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

describe('the time of requests', () => {
  it('ends each after its own, whatever began before it, by one timer', async () => {
    const client = clientOf(silent);
    const ended: string[] = [];
    const ask = (jobSpecId: string) =>
      client.getStatus({ jobSpecId }).catch(({ message }: Error) => ended.push(`${jobSpecId}: ${message}`));
    void ask('a');
    await vi.advanceTimersByTimeAsync(600);
    void ask('b');
    void ask('c');
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(399);
    expect(ended).toEqual([]);
    await vi.advanceTimersByTimeAsync(2);
    expect(ended).toEqual(['a: GET /jobs/goal/a/status got no whole reply within 1000 ms']);
    await vi.advanceTimersByTimeAsync(600);
    expect(ended).toHaveLength(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('leaves no timer behind a reply, and none behind a failure', async () => {
    let fails = false;
    const client = clientOf(async (config) => {
      if (fails) throw new Error('no');
      return { ...ok(STATUS), config };
    });
    await client.getStatus({ jobSpecId: 'a' });
    expect(vi.getTimerCount()).toBe(0);
    fails = true;
    await expect(client.getStatus({ jobSpecId: 'a' })).rejects.toMatchObject({
      failure: { kind: 'network' },
    });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("the caller's signal", () => {
  it('ends a request that an adapter sends with it', async () => {
    const caller = new AbortController();
    const asked = clientOf(silent).getStatus({ jobSpecId: 'a' }, { signal: caller.signal, jobId: 'a' });
    caller.abort(new Error('enough'));
    await expect(asked).rejects.toMatchObject({ failure: { kind: 'aborted' } });
  });

  it('is a signal of the platform to an adapter that hands it on', async () => {
    const seen: unknown[] = [];
    const client = clientOf(async (config) => {
      seen.push(config.signal, { ...config }.signal);
      return { ...ok(STATUS), config };
    });
    await client.getStatus({ jobSpecId: 'a' });
    expect(seen[0]).toBeInstanceOf(AbortSignal);
    expect(seen[1]).toBe(seen[0]);
  });

  it('counts also where the adapter does not look at it', async () => {
    const caller = new AbortController();
    const asked = clientOf(async (config) => {
      caller.abort();
      return { ...ok(STATUS), config };
    }).getStatus({ jobSpecId: 'a' }, { signal: caller.signal, jobId: 'a' });
    await expect(asked).rejects.toMatchObject({ failure: { kind: 'aborted' } });
  });

  it('has no listener left when the request is over', async () => {
    const caller = new AbortController();
    const [add, remove] = [
      vi.spyOn(caller.signal, 'addEventListener'),
      vi.spyOn(caller.signal, 'removeEventListener'),
    ];
    const listening = clientOf(async (config) => {
      expect(config.signal?.aborted).toBe(false);
      return { ...ok(STATUS), config };
    });
    await listening.getStatus({ jobSpecId: 'a' }, { signal: caller.signal, jobId: 'a' });
    expect(add).toHaveBeenCalledTimes(1);
    expect(remove).toHaveBeenCalledTimes(1);
  });

  it('has none if the host did not ask for it', async () => {
    const caller = new AbortController();
    const add = vi.spyOn(caller.signal, 'addEventListener');
    await clientOf(async (config) => ({ ...ok(STATUS), config })).getStatus(
      { jobSpecId: 'a' },
      { signal: caller.signal, jobId: 'a' },
    );
    expect(add).not.toHaveBeenCalled();
  });
});

describe('a status that says the same as before', () => {
  it('is one frozen reading', async () => {
    const client = clientOf(async (config) => ({ ...ok(STATUS), config }));
    const [first, second] = [
      await client.getStatus({ jobSpecId: 'a' }),
      await client.getStatus({ jobSpecId: 'b' }),
    ];
    expect(first).toEqual({ status: 'executing', statusWord: 'executing', progress: 45 });
    expect(second).toBe(first);
    expect(() => Object.assign(first, { progress: 99 })).toThrow(TypeError);
  });

  it('is reported with its path if it cannot be read', async () => {
    const client = clientOf(async (config) => ({ ...ok('{"progress":1}'), config }));
    for (const jobSpecId of ['a', 'b'])
      await expect(client.getStatus({ jobSpecId })).rejects.toMatchObject({
        failure: { kind: 'bad-response', path: `/jobs/goal/${jobSpecId}/status` },
      });
  });
});
