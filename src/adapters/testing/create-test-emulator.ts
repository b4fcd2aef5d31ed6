import type { AxiosAdapter } from 'axios';
import { checkJobInput } from '../../engine/job/check-job-input.js';
import { type ActorJobHandle, type StartOptions, startGoalJob } from '../../engine/job/index.js';
import type { AttachInput, JobOptions } from '../../machines/job-input.js';
import type { JobPorts } from '../../machines/ports.js';
import { createGoalClient } from '../../services/create-goal-client.js';
import type { GoalClient } from '../../services/goal-client.js';
import { createBrowserPorts } from '../browser/index.js';
import {
  createEmulatorAdapter,
  createEmulatorModel,
  type EmulatorAdapterOptions,
  type EmulatorModelOptions,
  type FaultPlan,
  type LogEntry,
} from '../emulator/index.js';
import { alsoByPath, type FileContent, memoryFiles } from './memory-files.js';
import { type MemoryResult, saveInMemory } from './memory-results.js';
import { createVirtualClock, type VirtualClock } from './virtual-clock.js';

export interface TestEmulatorOptions
  extends Omit<EmulatorModelOptions, 'apiUrl' | 'storageUrl' | 'token'>,
    Pick<EmulatorAdapterOptions, 'latencyMs'> {
  /** Default: a new one. */
  readonly clock?: VirtualClock | undefined;
}

/** A new job with files in memory, by their names. */
export interface NewMemoryJob extends JobOptions {
  readonly workflowId: string;
  readonly files: Readonly<Record<string, FileContent>>;
}

export type TestJobOptions = Omit<StartOptions, 'ports' | 'input' | 'clock'>;

/**
 * Options for a host, so that it uses the test's API and the test's time: spread them into `runGoalJob`, `createGoalLane` or
 * `createNodeClient`.
 */
export interface TestHostOptions {
  readonly apiKey: string;
  readonly baseUrl: string;
  readonly adapter: AxiosAdapter;
  readonly clock: VirtualClock;
}

/** The emulated API in this process, without a socket, on a virtual clock. Nothing has to be closed. */
export interface TestEmulator extends TestHostOptions {
  /** The four fields above, to spread. */
  readonly options: TestHostOptions;
  /** The faults to inject from now on; `faults.assertAllFired()` at the end reports those that did not happen. */
  readonly faults: FaultPlan;
  /** What was received, done and answered. */
  readonly log: readonly LogEntry[];
  readonly client: GoalClient;
  /** The results that were saved in memory, by the `file` of the saved result. */
  readonly results: ReadonlyMap<string, MemoryResult>;
  /** The ports for files, in memory: `ports` of `runGoalJob` and `createGoalLane`. */
  memoryPorts(
    files: Readonly<Record<string, FileContent>>,
  ): Pick<JobPorts, 'inspectFiles' | 'uploadFile' | 'saveResult'>;
  /** All ports of a job, for `bindPorts`. */
  ports(files?: Readonly<Record<string, FileContent>>): JobPorts;
  /**
   * Starts a job with files in memory, or attaches to one.
   * @throws InvalidInputError if the input is invalid
   */
  start(job: NewMemoryJob | AttachInput, options?: TestJobOptions): ActorJobHandle;
}

/** Hosts that do not exist: a host application that forgets the adapter must not reach the real API from a test. */
const NOWHERE = {
  apiUrl: 'https://api.goal-lane.test/api/v1',
  storageUrl: 'https://storage.goal-lane.test',
};

const isAttach = (job: NewMemoryJob | AttachInput): job is AttachInput => 'jobSpecId' in job;

/** Jitter is always the middle of its range, so that every run is the same. */
const random = (): number => 0.5;

/**
 * Creates an emulator with everything else that a job needs.
 * @throws TypeError for an option or a fault rule that is not allowed
 *
 * @example
 * ```ts
 * import { createTestEmulator, runToRest } from 'goal-lane/testing';
 *
 * const emulator = createTestEmulator({ faults: [{ on: 'getStatus', fault: { kind: 'http-error', status: 503 }, nth: 1 }] });
 * const job = emulator.start({ workflowId: 'goal_lane.resume_tailor', files: { 'cv.txt': 'Ada' } });
 * const { request } = await runToRest(job); // the checkpoint asks
 * await job.submitSlots({ [request?.missing[0] ?? '']: 'Lead' });
 * const { outcome } = await runToRest(job);
 * console.log(outcome?.status, emulator.results.size);
 * emulator.faults.assertAllFired();
 * ```
 */
export function createTestEmulator(given: TestEmulatorOptions = {}): TestEmulator {
  const { clock = createVirtualClock(), latencyMs = 0, ...modelOptions } = given;
  const model = createEmulatorModel({ ...modelOptions, ...NOWHERE });
  const { apiKey, apiUrl: baseUrl, faults, log } = model;
  const adapter = createEmulatorAdapter(model, { clock, latencyMs });
  const client = createGoalClient({ apiKey, baseUrl, adapter, now: clock.now });
  const results = new Map<string, MemoryResult>();
  const ports: TestEmulator['ports'] = (files = {}) => {
    const { takeResult, ...others } = createBrowserPorts({ client, clock, files: memoryFiles(files) });
    const saveResult = saveInMemory(clock, { ...others, takeResult }, results);
    return { ...others, ...alsoByPath(Object.keys(files), others), saveResult };
  };
  const options = { apiKey, baseUrl, adapter, clock };
  return {
    ...options,
    options,
    faults,
    log,
    client,
    results,
    ports,
    memoryPorts(files) {
      const { inspectFiles, uploadFile, saveResult } = ports(files);
      return { inspectFiles, uploadFile, saveResult };
    },
    start(job, more = {}) {
      if (typeof job !== 'object' || job === null) checkJobInput(job);
      const files = isAttach(job) ? {} : job.files;
      memoryFiles(files);
      const input = isAttach(job) ? job : { ...job, files: Object.keys(files) };
      return startGoalJob({ random, ...more, ports: ports(files), input, clock });
    },
  };
}
