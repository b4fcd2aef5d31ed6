import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, expectTypeOf, it } from 'vitest';
import type { GoalJob, JobSource, LaneSource, useGoalJob } from '../../../src/adapters/react/index.js';
import type { JobHandle } from '../../../src/engine/job/index.js';
import type { GoalLane } from '../../../src/engine/lane/index.js';

describe('goal-lane/react', () => {
  it('is at most 2 kB without React, and brings nothing else along', async () => {
    const { outputFiles, metafile } = await build({
      stdin: { contents: "export * from 'goal-lane/react';", resolveDir: process.cwd() },
      bundle: true,
      minify: true,
      write: false,
      metafile: true,
      format: 'esm',
      platform: 'browser',
      external: ['react'],
      logLevel: 'silent',
    });
    const bytes = outputFiles[0]?.contents ?? new Uint8Array();
    expect(bytes.byteLength).toBeGreaterThan(500);
    expect(bytes.byteLength).toBeLessThanOrEqual(2_048);
    expect(gzipSync(bytes).byteLength).toBeLessThan(bytes.byteLength);
    expect(Object.keys(metafile.inputs).filter((file) => file.includes('node_modules'))).toEqual([]);
  });

  it('offers submit only where slots are asked, and what is wanted elsewhere', () => {
    const read = (job: GoalJob): unknown => {
      // @ts-expect-error Nothing is known yet to be asked.
      void job.submit;
      if (job.needs === 'slots') {
        expectTypeOf(job.submit).toEqualTypeOf<JobSource['submitSlots']>();
        expectTypeOf(job.request.missing).toEqualTypeOf<readonly string[]>();
        // @ts-expect-error A question is not answered by starting.
        return job.confirm;
      }
      if (job.needs === 'confirm') {
        expectTypeOf(job.confirm).toEqualTypeOf<() => void>();
        // @ts-expect-error Nothing is asked.
        return job.submit;
      }
      if (job.needs === 'decision') return [job.retry, job.adopt, job.decision.failure.message];
      // @ts-expect-error Nothing is wanted.
      return job.adopt;
    };
    expect(typeof read).toBe('function');
  });

  it('takes a handle and a lane as they are', () => {
    expectTypeOf<JobHandle>().toExtend<JobSource>();
    expectTypeOf<GoalLane>().toExtend<LaneSource>();
    expectTypeOf<Parameters<typeof useGoalJob>[0]>().toEqualTypeOf<JobSource | undefined>();
  });
});
