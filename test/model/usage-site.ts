import { type AxiosAdapter, CanceledError } from 'axios';
import type { InspectionEvent } from 'xstate';
import { createBrowserPorts } from '../../src/adapters/browser/index.js';
import {
  createEmulatorAdapter,
  createEmulatorModel,
  type EmulatedWorkflow,
  type EmulatorModel,
  type Fault,
} from '../../src/adapters/emulator/index.js';
import { CREATE_GRACE_MS } from '../../src/engine/job/create-grace.js';
import { startGoalJob } from '../../src/engine/job/index.js';
import type { JobCommand, JobInput } from '../../src/machines/index.js';
import { createGoalClient } from '../../src/services/index.js';
import { createVirtualClock, type VirtualClock } from '../support/virtual-clock.js';

/** One slot before execution and one at a checkpoint; between two polls a job gets to where it stops next. */
const workflow: EmulatedWorkflow = {
  specId: 'wf',
  name: 'Reviewed',
  description: 'For tests',
  supportedInputFormats: ['txt'],
  requiredSlots: [{ slotId: 'tone', type: 'text' }],
  maxInputSizeBytes: 1_000,
  minFileCount: 1,
  execution: {
    durationMs: 2,
    confirmingMs: 1,
    checkpoints: [{ checkpointId: 'review', at: 0.5, slots: [{ slotId: 'titles', type: 'text' }] }],
  },
};

export const DEADLINE_MS = 6 * 3_600_000;

/** A real job over the real client against the emulator, whose every request waits at a gate until its outcome is chosen. */
export interface Site {
  readonly model: EmulatorModel;
  start(input: JobInput): Promise<void>;
  /** Where the job stands: the machine's path, dots as in the chart. */
  path(): string;
  /** Lets the request at the gate through, under these faults. */
  reply(faults: readonly Fault[]): Promise<void>;
  /** Lets the wait pass that the job is in. */
  pass(): Promise<void>;
  /** Lets the deadline pass, and the time that a create in flight gets after it. */
  passDeadline(): Promise<void>;
  send(command: JobCommand): Promise<void>;
  /** A little time, in which the emulated work gets to where it stops next. */
  later(): Promise<void>;
  /** What others did before us. */
  call(method: string, path: string, body?: unknown): unknown;
  /** Timers that are still set. */
  timers(): number;
  close(): Promise<void>;
}

interface Gate {
  readonly adapter: AxiosAdapter;
  isHolding(): boolean;
  open(): void;
}

function createGate(behind: AxiosAdapter): Gate {
  const waiting = new Set<() => void>();
  return {
    adapter: (config) =>
      new Promise((resolve, reject) => {
        const pass = (): void => void behind(config).then(resolve, reject);
        waiting.add(pass);
        config.signal?.addEventListener?.('abort', () => {
          if (waiting.delete(pass)) reject(new CanceledError(undefined, config));
        });
      }),
    isHolding: () => waiting.size > 0,
    open() {
      for (const pass of waiting) pass();
      waiting.clear();
    },
  };
}

const WAITS = ['user-input', 'rate-limited', 'backing-off'];
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** Hashing and streams take real time, in threads that a busy machine may let wait, and no virtual time. */
const MOST_REAL_MS = 20_000;

type Job = ReturnType<typeof startGoalJob>;

/** Moves time only where the job does nothing but wait for its turn to poll. */
async function settle(job: Job, gate: Gate, clock: VirtualClock): Promise<void> {
  const rests = (): boolean =>
    gate.isHolding() ||
    job.actor.getSnapshot().status !== 'active' ||
    job.view().tags.some((tag) => WAITS.includes(tag));
  const givesUpAt = performance.now() + MOST_REAL_MS;
  while (performance.now() < givesUpAt) {
    await turn();
    if (rests()) return;
    if (job.view().path.endsWith('.awaitingTurn')) await clock.step();
  }
  throw new Error(`nothing happens any more in ${job.view().path}`);
}

function callDirectly(model: EmulatorModel, clock: VirtualClock): Site['call'] {
  return (method, path, body) => {
    const { pathname } = new URL(`${model.apiUrl}${path}`);
    const headers = { authorization: `Bearer ${model.apiKey}`, 'content-type': 'application/json' };
    const request = { method, path: pathname, headers, sentAt: clock.now() };
    const reply = model.handle(
      { ...request, ...(body === undefined ? {} : { body: JSON.stringify(body) }) },
      clock.now(),
    );
    return JSON.parse(reply.text);
  };
}

/** Builds a {@link Site}; `inspect` is XState's own. */
export function createSite(inspect: (event: InspectionEvent) => void): Site {
  const clock = createVirtualClock();
  const model = createEmulatorModel({ workflows: [workflow] });
  const gate = createGate(createEmulatorAdapter(model, { clock }));
  const client = createGoalClient({
    apiKey: model.apiKey,
    baseUrl: model.apiUrl,
    now: clock.now,
    adapter: gate.adapter,
  });
  const ports = createBrowserPorts({ client, files: { 'a.txt': new Blob(['hello']) }, clock });
  let job: Job | undefined;
  const running = (): Job => {
    if (job === undefined) throw new Error('the job was not started');
    return job;
  };
  const settled = (): Promise<void> => settle(running(), gate, clock);
  return {
    model,
    async start(input) {
      const deadlineAt = clock.now() + DEADLINE_MS;
      // Each read is to be seen as a state.
      const seen = { ports, clock, random: () => 0.5, inspect, lookAhead: false };
      job = startGoalJob({ ...seen, input: { ...input, deadlineAt } });
      await settled();
    },
    path: () => running().view().path,
    async reply(faults) {
      model.faults.clear();
      if (faults.length > 0) model.faults.add({ fault: faults, times: 1 });
      gate.open();
      await settled();
    },
    async pass() {
      await clock.step();
      await settled();
    },
    async passDeadline() {
      await clock.advance(DEADLINE_MS + CREATE_GRACE_MS);
      await settled();
    },
    async send(command) {
      running().send(command);
      await settled();
    },
    later: () => clock.advance(10),
    call: callDirectly(model, clock),
    timers: clock.pending,
    async close() {
      // The command does not wait for a create that hangs, as detach() would, by a clock that is not advanced any more.
      running().send({ type: 'DETACH' });
      await running().detach();
      client.close();
    },
  };
}
