import { defineConfig, mergeConfig } from 'vitest/config';
import base from './vitest.config.js';

/** All but the proofs that run long, and what starts an engine or a browser: for whoever wants an answer within a minute or so. */
export default mergeConfig(
  base,
  defineConfig({
    test: {
      exclude: [
        'test/{model,e2e,package,examples}/**',
        '**/*memory*.test.ts',
        '**/*browser*.test.ts',
        'test/adapters/restate/{slow-create,one-job,files}.test.ts',
        'test/engine/interpreter/same-as-actor.test.ts',
      ],
    },
  }),
);
