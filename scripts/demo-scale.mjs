// A hundred jobs with checkpoints on two workers and a durable engine, against the emulator; in the middle both workers and the engine are
// killed. `npm run demo:scale` (after `npm run build`); `-- --jobs N` for another number.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startEmulator } from '../dist/adapters/emulator/index.js';
import { createFleetClient, registerWorker } from '../dist/adapters/restate/index.js';
import { serveWorkers } from '../dist/adapters/restate/worker/serve-workers.js';
import { startDurableEngine } from '../tools/engine/start-engine.mjs';

const { values } = parseArgs({ options: { jobs: { type: 'string', default: '100' } } });
const JOBS = Number(values.jobs);
const STATES = ['preparing', 'pending', 'confirming', 'executing', 'slot_needed', 'downloading', 'completed'];
const began = Date.now();
const seconds = () => ((Date.now() - began) / 1_000).toFixed(1).padStart(6);
const isTerminal = process.stdout.isTTY === true;

const emulator = await startEmulator({ speed: 2, plan: 'business' });
const folder = await mkdtemp(join(tmpdir(), 'goal-lane-scale-'));
const engine = await startDurableEngine();
process.env.CONVILYN_API_KEY = emulator.apiKey;
const settings = {
  baseUrl: emulator.baseUrl,
  ingress: engine.ingress,
  results: join(folder, 'out'),
  port: 0,
  host: '127.0.0.1',
};
const workers = await serveWorkers({ ...settings, plan: 'business' }, 2, engine.admin);
await registerWorker({ admin: engine.admin, url: workers.url });
const fleet = createFleetClient(engine);

console.log(`${JOBS} jobs with checkpoints; two workers at ${workers.url}; the engine at ${engine.ingress}`);
const states = new Map();
const outcomes = new Map();
let note = '';

/** The job's own create, found by the size of its file: what a person would look for before saying `ADOPT`. */
function createsOf(bytes) {
  const files = new Set(
    emulator.log.flatMap(({ effect }) =>
      effect?.type === 'uploaded' && effect.bytes === bytes ? [effect.fileId] : [],
    ),
  );
  return emulator.log.flatMap(({ effect, body }) =>
    effect?.type === 'created' && body.fileIds?.some((id) => files.has(id)) ? [effect.jobSpecId] : [],
  );
}

/** Continues while the engine is unreachable, as a host would. */
async function patiently(work) {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (error.name !== 'NetworkError') throw error;
      await delay(200);
    }
  }
}

async function run(index) {
  const bytes = 20_000 + index;
  const files = [join(folder, `resume-${index}.txt`), join(folder, 'job.txt')];
  await writeFile(files[0], 'r'.repeat(bytes));
  const answers = { confirmed_titles: 'Tech Lead' };
  const input = { id: `scale-${index}`, workflowId: 'goal_lane.resume_tailor', files, answers };
  const job = await patiently(() => fleet.start(input));
  states.set(job.id, 'preparing');
  for await (const event of job.events()) {
    if (event.type !== 'outcomeUnknown') continue;
    const [jobSpecId] = createsOf(bytes);
    await patiently(() =>
      job.send(jobSpecId === undefined ? { type: 'RETRY' } : { type: 'ADOPT', jobSpecId }),
    );
  }
  outcomes.set(job.id, await job.result());
  states.set(job.id, outcomes.get(job.id).status);
}

/** One question for all jobs. */
async function look() {
  const { jobs } = await fleet.jobs({ limit: 1_000 });
  for (const { id, state } of jobs) if (!outcomes.has(id)) states.set(id, state);
}

async function table() {
  await look().catch(() => undefined);
  const counts = STATES.map(
    (state) => `${state} ${String([...states.values()].filter((one) => one === state).length).padStart(3)}`,
  );
  const reads = emulator.log.filter(({ endpoint }) => endpoint === 'status').length;
  const line = `${seconds()} s  ${counts.join('  ')}  status reads ${reads}${note === '' ? '' : `  ${note}`}`;
  process.stdout.write(
    isTerminal ? `\x1b[2K\r${line.slice(0, (process.stdout.columns ?? 200) - 1)}` : `${line}\n`,
  );
}

const say = (text) => {
  note = '';
  process.stdout.write(`${isTerminal ? '\x1b[2K\r' : ''}${seconds()} s  ${text}\n`);
};

async function killEverything() {
  // In the middle: a third has ended, the others are at any place of their way.
  while (outcomes.size < JOBS / 3) await delay(100);
  const pids = workers.pids();
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  await engine.kill();
  say(`SIGKILL of both workers (${pids.join(', ')}) and of the engine`);
  await delay(1_000);
  await engine.restart();
  say('the engine is back; the workers come back by themselves');
}

await writeFile(join(folder, 'job.txt'), 'a job');
const ticking = setInterval(() => void table(), isTerminal ? 500 : 2_000);
await Promise.all([killEverything(), ...Array.from({ length: JOBS }, (_, index) => run(index))]);
clearInterval(ticking);
await table();
if (isTerminal) process.stdout.write('\n');

const created = Array.from({ length: JOBS }, (_, index) => createsOf(20_000 + index).length);
const finished = [...outcomes.values()].filter(({ status }) => status === 'completed').length;
const twice = created.filter((count) => count > 1).length;
const early = emulator.log.filter(({ tooSoon }) => tooSoon).length;
const lost = JOBS - outcomes.size;
fleet.close();
await workers.close();
await engine.close();
await emulator.close();
await rm(folder, { recursive: true, force: true });
console.log(`finished ${finished}, created twice ${twice}, read too early ${early}, lost ${lost}`);
process.exit(finished === JOBS && twice + early + lost === 0 ? 0 : 1);
