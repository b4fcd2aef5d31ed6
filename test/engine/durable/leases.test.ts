import { describe, expect, it } from 'vitest';
import type { StoredJobsWarning } from '../../../src/engine/durable/index.js';
import type { JobStore } from '../../../src/engine/store/job-store.js';
import { StoreError } from '../../../src/engine/store/store-error.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import { STORE_KINDS } from './stores.js';
import { createWorld, INPUT, isOver } from './world.js';

describe.each(STORE_KINDS)('the lease of a job on the %s store', (_, make) => {
  const kind = make();

  it('keeps a second process away, by name, for as long as the first one lives', async () => {
    const w = createWorld(await kind.open(), 1_000);
    const first = w.open('first');
    await first.start(INPUT, { id: 'one' });
    await w.clock.advance(600_000);
    const second = w.open('second');
    const refusal = await second.resume('one').catch((error: unknown) => error);
    expect(refusal).toMatchObject({ reason: 'held', holder: { id: 'first', pid: 4_711 } });
    expect(String(refusal)).toContain('process 4711');
    await expect(first.resume('one')).rejects.toMatchObject({ reason: 'running' });
    await expect(first.remove('one')).rejects.toMatchObject({ reason: 'running' });
    await expect(second.remove('one')).rejects.toMatchObject({ reason: 'held' });
    expect((await second.resumeAll()).refused).toMatchObject([{ id: 'one', error: { reason: 'held' } }]);
  });

  it('is taken over at once where its process is known to be gone, else after its silence', async () => {
    const dead = new Set<string>();
    const w = createWorld(await kind.open((owner) => dead.has(owner.id)), 1_000);
    // A process that is stopped: its heart does not beat.
    const isStopped = (): Promise<never> => new Promise(() => undefined);
    const frozen: JobStore = { ...w.store, renewLeases: isStopped };
    const handle = await w.open('first', { store: frozen }).start(INPUT, { id: 'one' });
    await w.untilAt(handle, 'executing.awaitingTurn');
    await w.clock.advance(1);
    await expect(w.open('second').resume('one')).rejects.toMatchObject({ reason: 'held' });
    dead.add('first');
    const second = await w.open('second', { store: frozen }).resume('one');
    expect(second.view().state).toBe('executing');
    await expect(w.open('third').resume('one')).rejects.toMatchObject({ reason: 'held' });
    await w.clock.advance(31_000);
    const third = w.open('third').resume('one');
    await w.clock.advance(29_000);
    expect((await w.store.leases()).map((lease) => lease.owner.id)).toEqual(['second']);
    await w.clock.advance(2_000);
    expect((await third).view().state).toBe('executing');
  });

  it('once lost makes its process detach at the next heartbeat, with a log entry, without touching the job', async () => {
    const w = createWorld(await kind.open(() => true), 1_000);
    const warnings: StoredJobsWarning[] = [];
    const handle = await w
      .open('first', { onWarning: (warning) => warnings.push(warning) })
      .start(INPUT, { id: 'one' });
    await w.untilAt(handle, 'executing.awaitingTurn');
    // Polls that change nothing: only the heartbeat can notice.
    await w.clock.advance(5_000);
    const second = await w.open('second').resume('one');
    const stored = await w.store.load('one');
    await w.clock.runUntil(() => isOver(handle), 11_000);
    expect(await handle.result()).toMatchObject({
      status: 'detached',
      jobSpecId: 'job_1',
      failure: { kind: 'storage', findings: ['lease-lost'] },
    });
    expect(warnings).toEqual([{ type: 'lease-lost', jobId: 'one' }]);
    expect(await w.store.load('one')).toEqual(stored);
    expect(isOver(second)).toBe(false);
    expect((await w.store.leases()).map((lease) => lease.owner.id)).toEqual(['second']);
  });

  it('once lost keeps what was about to be sent from leaving', async () => {
    const w = createWorld(await kind.open(() => true));
    let confirms = 0;
    const confirmJob: JobPorts['confirmJob'] = (input, options) => {
      confirms += 1;
      return w.ports.confirmJob(input, options);
    };
    // Another process takes the job over while this one is about to fill its slots.
    let isTaken = false;
    const fillSlots: JobPorts['fillSlots'] = async (input, options) => {
      const echo = await w.ports.fillSlots(input, options);
      if (!isTaken) {
        isTaken = true;
        await w.store.acquireLease('one', {
          owner: { id: 'thief', pid: 1, host: 'x', startedAt: '' },
          now: w.clock.now(),
          ttlMs: 1_000,
        });
      }
      return echo;
    };
    const handle = await w
      .open('first', { ports: { ...w.ports, confirmJob, fillSlots } })
      .start(INPUT, { id: 'one' });
    await w.untilOver(handle);
    expect(await handle.result()).toMatchObject({ status: 'detached' });
    expect(confirms).toBe(0);
    expect(w.clock.pending()).toBe(0);
  });
});

describe('a store that stops working', () => {
  const full = new StoreError('full-disk', 'The store has no room left.');

  async function run(brokenFrom: 'creating' | 'executing') {
    const [, make] = STORE_KINDS[0] ?? [];
    const store = await (make?.() ?? { open: () => Promise.reject(full) }).open();
    const w = createWorld(store);
    const warnings: StoredJobsWarning[] = [];
    let isBroken = false;
    const refuse = async (): Promise<never> => {
      throw full;
    };
    const broken: JobStore = {
      ...store,
      save: (record, options) => (isBroken ? refuse() : store.save(record, options)),
      renewLeases: (claim) => (isBroken ? refuse() : store.renewLeases(claim)),
    };
    const loadCatalog: JobPorts['loadCatalog'] = (input, options) => {
      isBroken = brokenFrom === 'creating';
      return w.ports.loadCatalog(input, options);
    };
    const jobs = w.open('a', {
      store: broken,
      ports: { ...w.ports, loadCatalog },
      onWarning: (warning) => warnings.push(warning),
    });
    const handle = await jobs.start(INPUT, { id: 'one' });
    await w.untilAt(handle, 'executing.awaitingTurn');
    isBroken = true;
    await w.untilOver(handle);
    const result = handle.result();
    // The last write is tried again for a while.
    await w.clock.advance(60_000);
    return { w, output: await result, warnings };
  }

  it('lets a job that exists on the server finish, with a loud warning', async () => {
    const { output, warnings } = await run('executing');
    expect(output).toMatchObject({ status: 'completed' });
    expect(warnings.length).toBeGreaterThan(0);
    expect(warnings[0]).toMatchObject({ type: 'store', operation: 'save', error: { kind: 'full-disk' } });
  });

  it('lets no job be created that it cannot record', async () => {
    const { w, output } = await run('creating');
    expect(output).toMatchObject({ status: 'failed', failure: { kind: 'storage', message: full.message } });
    expect(w.server.log.creates).toBe(0);
  });
});
