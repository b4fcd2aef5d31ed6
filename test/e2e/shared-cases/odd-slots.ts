import { expect } from 'vitest';
import type { runGoalJob } from '../../../src/index.js';
import { type AttackServer, startAttack } from './attack-lib.js';
import { caseSite, KEY, shown } from './case-site.js';
import type { SharedCase } from './play-all.js';

type Run = typeof runGoalJob;

/** The library as it was built. */
async function builtLibrary(): Promise<Run> {
  const main = new URL('../../../dist/index.js', import.meta.url).href;
  // Boundary: what is built from `src/index.ts`.
  const built = (await import(/* @vite-ignore */ main)) as { readonly runGoalJob: Run };
  return built.runGoalJob;
}

/** The slot is asked by the job; the catalog does not list it. */
const unlisted = {
  catalog: ({ json }: { json(status: number, body: unknown): void }): boolean => {
    json(200, [{ spec_id: 'wf', supported_input_formats: [], required_slots: [] }]);
    return true;
  },
};

async function withSlot(slotId: string, work: (server: AttackServer) => Promise<void>): Promise<void> {
  const server = await startAttack(unlisted, { slots: [{ slotId, type: 'text', required: true }] });
  try {
    await work(server);
  } finally {
    await server.close();
  }
}

const NAMES = ['constructor', 'toString', 'valueOf', '__proto__', 'hasOwnProperty', 'normal'];

const patches = ({ state }: AttackServer): readonly unknown[] =>
  state.log.filter(({ ep }) => ep === 'patch').map(({ body = 'null' }) => JSON.parse(body).slots);

/** A missing value is asked for. */
const asked = (slotId: string): SharedCase => ({
  name: `b/08-slot-named-like-object-prototype ${slotId}, no value given`,
  play: (dir) =>
    withSlot(slotId, async (server) => {
      caseSite(dir, server.base);
      const run = await builtLibrary();
      const files = [`${dir}/in.txt`];
      const job = run({ apiKey: KEY, baseUrl: server.base, workflowId: 'wf', files, outDir: dir });
      const missing = new Promise((resolve) =>
        job.on('inputNeeded', ({ request }) => resolve(request.missing)),
      );
      const first = await Promise.race([missing, job.result()]);
      await job.detach();
      expect(first).toEqual([slotId]);
      expect([server.state.patches, server.state.confirms]).toEqual([0, 0]);
    }),
});

/** A list of answers is used in turn. */
const listed = (slotId: string): SharedCase => ({
  name: `b/08-slot-named-like-object-prototype ${slotId}, a list of answers`,
  play: (dir) =>
    withSlot(slotId, async (server) => {
      caseSite(dir, server.base);
      const run = await builtLibrary();
      const answers: Record<string, string[]> = Object.fromEntries([[slotId, ['first', 'second']]]);
      const files = [`${dir}/in.txt`];
      const job = run({ apiKey: KEY, baseUrl: server.base, workflowId: 'wf', files, outDir: dir, answers });
      const needed = new Promise((resolve) => job.on('inputNeeded', () => resolve({ status: 'asks' })));
      expect(await Promise.race([needed, job.result()])).toMatchObject({ status: 'completed' });
      expect(patches(server)).toEqual([[{ slotId, value: 'first' }]]);
    }),
});

const fromFlag = (slotId: string): SharedCase => ({
  name: `b/08-slot-named-like-object-prototype --slot ${slotId}=V`,
  play: (dir) =>
    withSlot(slotId, async (server) => {
      const site = caseSite(dir, server.base);
      const run = await site.run(['run', 'wf', 'in.txt', '--json', '--no-input', '--slot', `${slotId}=V`]);
      expect(run.exit, shown(run)).toBe(0);
      expect(patches(server)).toEqual([[{ slotId, value: 'V' }]]);
      expect(server.state.confirms).toBe(1);
    }),
});

export const oddSlots: readonly SharedCase[] = [
  ...NAMES.map(asked),
  ...['constructor', '__proto__', 'normal'].map(listed),
  ...['constructor', '__proto__'].map(fromFlag),
];
