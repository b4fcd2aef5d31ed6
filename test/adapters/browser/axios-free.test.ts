import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf } from '../../support/failure-of.js';
import { json, serve, type TestServer } from '../../support/http-server.js';
import { bundleForBrowser } from './bundle.js';

describe('who sends by fetch', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await serve((_, response) => json(response, 200, { status: 'executing' }));
  });
  afterAll(() => server.close());

  it('bundles the door of the browser without axios, and without the languages of zod', async () => {
    const { file, kept, ofNode } = await bundleForBrowser(['adapters/browser/index.ts']);
    await rm(dirname(file), { recursive: true, force: true });
    const unwanted = /node_modules\/axios\/|zod\/v4\/(classic|locales\/(?!en\.js))/;
    expect(kept.filter((input) => unwanted.test(input))).toEqual([]);
    expect(ofNode).toEqual([]);
    expect(kept.length).toBeGreaterThan(100);
  });

  it('loads no axios with createGoalClient, which others do with their first request', async () => {
    const { outputFiles } = await build({
      stdin: { contents: "export * from './services/index.ts';", resolveDir: 'src', loader: 'ts' },
      ...{ bundle: true, platform: 'browser', format: 'esm', write: false, logLevel: 'silent' },
      plugins: [
        {
          name: 'axios-recorder',
          setup(plugin) {
            plugin.onResolve({ filter: /^axios$/ }, () => ({ path: 'axios', namespace: 'recorder' }));
            plugin.onLoad({ filter: /.*/, namespace: 'recorder' }, () => ({
              contents: "throw new Error('axios is loaded');",
            }));
          },
        },
      ],
    });
    const code = Buffer.from(outputFiles[0]?.contents ?? '').toString('base64');
    const { createGoalClient } = (await import(
      `data:text/javascript;base64,${code}`
    )) as typeof import('../../../src/services/index.js');
    const options = { apiKey: 'key-0123456789abcdef', baseUrl: server.url };
    const job = { jobSpecId: 'job_1' };
    expect(await createGoalClient({ ...options, fetch }).getStatus(job)).toMatchObject({
      status: 'executing',
    });
    expect((await failureOf(createGoalClient(options).getStatus(job))).message).toContain('axios is loaded');
  });
});
