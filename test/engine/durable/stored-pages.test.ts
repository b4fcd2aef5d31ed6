import { describe, expect, it } from 'vitest';
import { findStored, resumableJobs, storedPages } from '../../../src/engine/durable/index.js';
import type { JobStore } from '../../../src/engine/store/job-store.js';
import { createMemoryStore } from '../../../src/engine/store/memory/memory-store.js';
import { StoreError } from '../../../src/engine/store/store-error.js';
import { claimOf, NOW, sampleRecord } from '../store/sample-record.js';

const COUNT = 1_100;

/** Jobs of more than two pages; the whole list of them is never asked for. */
async function manyJobs(): Promise<JobStore> {
  const store = createMemoryStore();
  const ids = Array.from({ length: COUNT }, (_, at) => `job-${at}`);
  const answers = await store.acquireLeases(ids, claimOf('a'));
  for (const [at, answer] of answers.entries()) {
    if (!answer.acquired) continue;
    const jobSpecId = at % 600 === 0 ? 'spec-shared' : `spec-${at}`;
    const record = sampleRecord(answer.lease.jobId, { jobSpecId, createdAt: NOW + at });
    await store.save(record, { lease: answer.lease, effect: false });
  }
  const list = (): Promise<never> => Promise.reject(new Error('all jobs were loaded at once'));
  return { ...store, list };
}

describe('the jobs of a large store', () => {
  it('are read page by page, each once', async () => {
    const ids: string[] = [];
    for await (const { jobs } of storedPages(await manyJobs())) ids.push(...jobs.map(({ id }) => id));
    expect(ids).toEqual(Array.from({ length: COUNT }, (_, at) => `job-${at}`));
  });

  it('are resumed in the order of their times, else in that in which they were first stored', async () => {
    const store = createMemoryStore();
    const times = { late: NOW + 5, b: NOW, a: NOW };
    for (const [id, createdAt] of Object.entries(times)) {
      const answer = await store.acquireLease(id, claimOf('a'));
      if (answer.acquired)
        await store.save(sampleRecord(id, { createdAt }), { lease: answer.lease, effect: false });
    }
    expect((await resumableJobs(store, NOW)).map(({ id }) => id)).toEqual(['b', 'a', 'late']);
  });

  it('are found by their own id, else the newest of their id on the server', async () => {
    const { jobs } = await findStored(await manyJobs(), ['job-7', 'spec-1099', 'spec-shared', 'unknown']);
    expect([...jobs].map(([asked, { id }]) => [asked, id]).sort()).toEqual([
      ['job-7', 'job-7'],
      ['spec-1099', 'job-1099'],
      ['spec-shared', 'job-600'],
    ]);
  });

  it('are told apart from those that cannot be read', async () => {
    const store = await manyJobs();
    const error = new StoreError('corrupt', 'Job job-9 is damaged.');
    const damaged: JobStore = {
      ...store,
      page: async (query) => ({ ...(await store.page(query)), unreadable: [{ id: 'job-9', error }] }),
    };
    const { unreadable } = await findStored(damaged, ['job-9', 'job-8']);
    expect([...unreadable]).toEqual([['job-9', error]]);
  });
});
