import { Worker } from 'node:worker_threads';

const READY_WITHIN_MS = 5_000;

/** Runs in a thread of its own: the main thread stands still inside the write when the kill comes. */
const KILLER = `
  const flags = new Int32Array(require('node:worker_threads').workerData);
  Atomics.store(flags, 1, 1);
  Atomics.notify(flags, 1);
  Atomics.wait(flags, 0, 0);
  const end = process.hrtime.bigint() + BigInt(flags[2]) * 1000n;
  while (process.hrtime.bigint() < end);
  process.kill(process.pid, 'SIGKILL');
`;

/** Returns what sets the killer off: the process dies so many µs later, whatever it is doing then. */
export function armKiller(delayUs: number): () => void {
  const memory = new SharedArrayBuffer(12);
  const flags = new Int32Array(memory);
  flags[2] = delayUs;
  new Worker(KILLER, { eval: true, workerData: memory }).unref();
  return () => {
    Atomics.wait(flags, 1, 0, READY_WITHIN_MS);
    Atomics.store(flags, 0, 1);
    Atomics.notify(flags, 0);
  };
}
