import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Proofs that run long, and what starts an engine, a browser, or programs by the dozen. */
const LONG = [
  'test/{model,e2e,package,examples,site}/**',
  '**/*memory*.test.ts',
  '**/*browser*.test.ts',
  'test/adapters/restate/{slow-create,one-job,files}.test.ts',
  'test/adapters/console/{fleet,restart}.test.ts',
  'test/adapters/testing/hosts.test.ts',
  'test/docs/{page-code,doc-examples}.test.ts',
  'test/engine/lane/detection-delay.test.ts',
  'test/engine/interpreter/same-as-actor.test.ts',
];

/** What changes or measures the process that it runs in. */
const ALONE = [
  'test/adapters/console/uploads.test.ts',
  'test/adapters/node/naming-refused.test.ts',
  'test/engine/binding/clock-steps.test.ts',
  'test/engine/store/open-job-store.test.ts',
];

const testTimeout = 30_000;

/** All but the long proofs, for whoever wants an answer within a minute or so: files share a process, which halves what they cost. */
export default defineConfig({
  test: {
    globalSetup: ['test/support/build-dist.ts'],
    maxWorkers: availableParallelism(),
    projects: [
      {
        test: {
          ...{ name: 'together', isolate: false, testTimeout },
          ...{ include: ['test/**/*.test.ts'], exclude: [...LONG, ...ALONE] },
        },
      },
      { test: { name: 'alone', testTimeout, include: ALONE } },
    ],
  },
});
