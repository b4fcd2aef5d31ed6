import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import type { Proof } from './prove-world.js';

/** The young generation in MB: of what a step makes little stays, and a larger one copies less. */
const YOUNG_MB = 192;

export interface Proving {
  /** Rejects where the thread breaks. */
  proofOf(world: string): Promise<Proof>;
  stop(): Promise<void>;
}

/** Threads know no TypeScript; and the test runner's own way to load it would make each step slower. */
async function bundleWorker(folder: string): Promise<string> {
  const outfile = join(folder, 'prove-worker.mjs');
  await build({
    entryPoints: [fileURLToPath(new URL('./prove-worker.ts', import.meta.url))],
    ...{ outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'warning' },
  });
  return outfile;
}

interface Task {
  readonly world: string;
  readonly resolve: (proof: Proof) => void;
  readonly reject: (error: Error) => void;
}

/** Takes tasks until none are left. */
function work(file: string, tasks: Task[]): Worker {
  const worker = new Worker(file, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  let current: Task | undefined;
  const next = (): void => {
    current = tasks.shift();
    if (current === undefined) void worker.terminate();
    else worker.postMessage(current.world);
  };
  worker.on('message', (proof: Proof) => {
    current?.resolve(proof);
    next();
  });
  worker.on('error', (error) => {
    for (const task of [current, ...tasks.splice(0)]) task?.reject(error);
  });
  next();
  return worker;
}

/** Proves worlds on several threads, in the order given. */
export async function proveWorlds(worlds: readonly string[], threads: number): Promise<Proving> {
  const folder = await mkdtemp(join(tmpdir(), 'goal-lane-worlds-'));
  const file = await bundleWorker(folder);
  const tasks: Task[] = [];
  const proofs = new Map(
    worlds.map((world) => [
      world,
      new Promise<Proof>((resolve, reject) => tasks.push({ world, resolve, reject })),
    ]),
  );
  // One that is not asked for is no unhandled rejection.
  for (const proof of proofs.values()) proof.catch(() => undefined);
  const workers = Array.from({ length: threads }, () => work(file, tasks));
  return {
    async proofOf(world) {
      const proof = proofs.get(world);
      if (proof === undefined) throw new Error(`${world} is not proved`);
      return proof;
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.terminate()));
      await rm(folder, { recursive: true });
    },
  };
}
