import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { build, type Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';

/** What a host without Node writes: it attaches to a job that has completed, with ports of its own. */
const HOST = `
import { bindPorts, startGoalJob, timePorts, viewOf } from 'goal-lane/job';
import { createActor } from 'xstate';

const at = () => Date.now();
const download = { url: 'https://storage.example/result', expiresAt: at() + 3_600_000 };
const never = async () => { throw new Error('not for a job that exists'); };
const job = { jobSpecId: 'job_1', status: 'completed', itemVersion: 3, progress: 100 };
const ports = {
  ...timePorts(),
  inspectFiles: never, loadCatalog: never, uploadFile: never, createJob: never, fillSlots: never, confirmJob: never,
  getJob: async () => job,
  getStatus: async () => job,
  getDownload: async () => download,
  saveResult: async () => ({ file: 'memory', bytes: 3, sha256: '00' }),
};
const input = { jobSpecId: 'job_1' };
const handle = startGoalJob({ ports, input });
const actor = createActor(bindPorts(ports), { input });
const result = handle.result().then((outcome) => ({ outcome, view: handle.view(), first: viewOf(actor.getSnapshot()).state }));
globalThis.result = result;
`;

const bundle = (contents: string, platform: 'browser' | 'node' = 'browser') =>
  build({
    stdin: { contents, resolveDir: process.cwd() },
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    platform,
    format: 'iife',
    logLevel: 'silent',
  });

const PACKAGE = /node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//g;

/** The packages that a bundle carries, those included that our own files were bundled with. */
function packagesIn({ inputs }: Metafile): string[] {
  const files = Object.keys(inputs);
  const ours = files.filter((file) => file.startsWith('dist/')).map((file) => readFileSync(file, 'utf8'));
  const named = [...files, ...ours].flatMap((text) => [...text.matchAll(PACKAGE)]);
  return [...new Set(named.map(([, name = '']) => name))].sort();
}

describe('the doors that load in a browser and at the edge', () => {
  // esbuild itself refuses a built-in of Node on this platform.
  it.each(['machines', 'job'])('%s carries XState alone: no zod, no axios, nothing of Node', async (door) => {
    const { metafile } = await bundle(`import * as door from 'goal-lane/${door}'; globalThis.door = door;`);
    expect(packagesIn(metafile)).toEqual(['xstate']);
  });

  it.each(['.', 'machines', 'job', 'browser'])('%s carries nothing of OpenTelemetry', async (door) => {
    const contents = `import * as door from '${`goal-lane/${door}`.replace('/.', '')}'; globalThis.door = door;`;
    const { metafile } = await bundle(contents, 'node');
    const files = Object.keys(metafile.inputs).filter((file) => /opentelemetry/i.test(file));
    expect(files).toEqual([]);
  });

  it('opentelemetry carries its API and XState, and nothing of an SDK', async () => {
    const { metafile } = await bundle(
      `import * as door from 'goal-lane/opentelemetry'; globalThis.door = door;`,
    );
    expect(packagesIn(metafile)).toEqual(['@opentelemetry/api', 'xstate']);
  });

  it('services carries zod alone, and loads axios where it is wanted', async () => {
    const { metafile } = await bundle(`import * as door from 'goal-lane/services'; globalThis.door = door;`);
    expect(packagesIn(metafile)).toEqual(expect.arrayContaining(['zod', 'axios']));
    expect(packagesIn(metafile)).not.toContain('xstate');
  });

  it.each(['services', 'browser', 'inspector'])('%s carries nothing of Node', async (door) => {
    const { warnings } = await bundle(`import * as door from 'goal-lane/${door}'; globalThis.door = door;`);
    expect(warnings).toEqual([]);
  });

  it('job runs a job where there is no process, no window and no fetch', async () => {
    const { outputFiles } = await bundle(HOST);
    const { setTimeout, clearTimeout, queueMicrotask, crypto, AbortController, performance } = globalThis;
    const world = { setTimeout, clearTimeout, queueMicrotask, crypto, AbortController, performance };
    const context: { result?: unknown } = createContext(world);
    runInContext(outputFiles[0]?.text ?? '', context);
    expect(await context.result).toMatchObject({
      outcome: { status: 'completed', jobSpecId: 'job_1', saved: { file: 'memory', bytes: 3 } },
      view: { state: 'completed' },
      first: 'preparing',
    });
  });
});
