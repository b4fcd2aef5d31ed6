// Two processes of a worker behind one port, of the package as it is built, with clocks that differ by what is asked for.
import cluster from 'node:cluster';
import { createServer } from 'node:net';

const settings = JSON.parse(process.env.FLEET_WORKERS ?? '{}');
const { createGoalWorker } = await import(settings.module ?? '../../../dist/adapters/restate/index.js');

/** This machine's clock, wrong by so many ms. */
const clockOff = (byMs) => ({
  now: () => Date.now() + byMs,
  schedule(at, callback) {
    const timer = setTimeout(callback, Math.max(0, at - Date.now() - byMs));
    return () => clearTimeout(timer);
  },
});

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

// As in serve-workers.ts.
cluster.schedulingPolicy = cluster.SCHED_NONE;
if (cluster.isPrimary) {
  const port = await freePort();
  const fork = (index) => {
    const worker = cluster.fork({
      FLEET_WORKERS: JSON.stringify({ ...settings, port }),
      FLEET_INDEX: String(index),
    });
    worker.on('message', (message) => {
      process.send?.({ ...message, index });
    });
    worker.on('error', () => undefined);
    worker.once('exit', () => setTimeout(() => fork(index), settings.againMs ?? 300));
  };
  for (let index = 0; index < settings.processes; index += 1) fork(index);
  process.once('disconnect', () => process.exit(0));
} else {
  const { port, clockOffsets = [], processes, againMs, module, ...options } = settings;
  const offset = clockOffsets[Number(process.env.FLEET_INDEX)] ?? 0;
  const worker = createGoalWorker({ ...options, ...(offset === 0 ? {} : { clock: clockOff(offset) }) });
  const { url } = await worker.listen({ port });
  process.send?.({ url, port: Number(new URL(url).port), pid: process.pid });
  process.once('disconnect', () => process.exit(0));
}
