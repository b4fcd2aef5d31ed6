// The processes of a worker behind one port, of the package as it is built, each with a clock of its own that can be set.
import cluster from 'node:cluster';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { lastingPort } from '../../../tools/engine/lasting-port.mjs';

/** What no door of the package exports. */
async function bundled(files) {
  const contents = files.map((file) => `export * from './${file}';`).join('\n');
  const resolveDir = fileURLToPath(new URL('../../../src', import.meta.url));
  const options = { bundle: true, write: false, format: 'esm', platform: 'node' };
  const { outputFiles } = await build({ stdin: { contents, resolveDir }, ...options });
  return `data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`;
}

const settings = JSON.parse(process.env.FLEET_WORKERS ?? '{}');
const { createGoalWorker } = await import(settings.module ?? '../../../dist/adapters/restate/index.js');
// Built once for all processes, those that follow a killed one included.
process.env.FLEET_CLOCK ??= await bundled(['engine/binding/clock.ts', 'services/time/steady-time.ts']);
const { createClock, createSteadyTime } = await import(process.env.FLEET_CLOCK);

/** This machine's clock: wrong by so many ms, until it is set. */
let wrongBy = 0;

const clock = (offset) => {
  wrongBy = offset;
  const time = createSteadyTime({ wall: () => Date.now() + wrongBy, monotonic: () => performance.now() });
  return createClock(time, (callback, ms) => {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  });
};

/** Reports to the test which process reads. */
function readsTold() {
  let toldAt = 0;
  const note = ({ path = '' }) => {
    if (!path.endsWith('/status') || Date.now() - toldAt < 100) return;
    toldAt = Date.now();
    process.send?.({ pid: process.pid, reads: true });
  };
  const logger = { debug: note, info: note, warn: note, error: note, child: () => logger };
  return logger;
}

// As in serve-workers.ts.
cluster.schedulingPolicy = cluster.SCHED_NONE;
if (cluster.isPrimary) {
  const port = await lastingPort();
  const workers = new Map();
  const fork = (index) => {
    const worker = cluster.fork({
      FLEET_WORKERS: JSON.stringify({ ...settings, port }),
      FLEET_INDEX: String(index),
    });
    workers.set(index, worker);
    worker.on('message', (message) => {
      process.send?.({ ...message, index });
    });
    worker.on('error', () => undefined);
    worker.once('exit', () => setTimeout(() => fork(index), settings.againMs ?? 300));
  };
  for (let index = 0; index < settings.processes; index += 1) fork(index);
  process.on('message', ({ index, ...message }) => {
    const worker = workers.get(index);
    if (worker?.isConnected()) worker.send(message, () => undefined);
  });
  process.once('disconnect', () => process.exit(0));
} else {
  const { port, clockOffsets = [], processes, againMs, module, tellsReads, ...options } = settings;
  const offset = clockOffsets[Number(process.env.FLEET_INDEX)] ?? 0;
  const told = tellsReads === true ? { logger: readsTold() } : {};
  const worker = createGoalWorker({ ...options, ...told, clock: clock(offset) });
  process.on('message', ({ setClock }) => {
    if (typeof setClock === 'number') wrongBy = setClock;
  });
  // A planned end: what is under way continues elsewhere.
  process.once('SIGTERM', () => void worker.close().finally(() => process.exit(0)));
  const { url } = await worker.listen({ port });
  process.send?.({ url, port: Number(new URL(url).port), pid: process.pid });
  process.once('disconnect', () => process.exit(0));
}
