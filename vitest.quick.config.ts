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

/** All but the long proofs. Files that shared processes took half the CPU, but some of them failed for what others had left behind. */
export default defineConfig({
  test: {
    globalSetup: ['test/support/build-dist.ts'],
    maxWorkers: availableParallelism() + 1,
    testTimeout: 30_000,
    include: ['test/**/*.test.ts'],
    exclude: LONG,
  },
});
