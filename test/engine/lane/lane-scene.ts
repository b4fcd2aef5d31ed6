import { expect } from 'vitest';
import type { EmulatedWorkflow, EmulatorModelOptions } from '../../../src/adapters/emulator/index.js';
import { createEmulatorAdapter, createEmulatorModel } from '../../../src/adapters/emulator/index.js';
import { createGoalLane, type GoalLaneOptions } from '../../../src/adapters/node/create-node-lane.js';
import type { FileRecorder } from '../../../src/engine/durable/index.js';
import type { GoalLane } from '../../../src/engine/lane/index.js';
import type { JobOutput } from '../../../src/machines/job-output.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import { createVirtualClock, type VirtualClock } from '../../support/virtual-clock.js';

/** A workflow that only takes time. */
export const plainWorkflow = (specId: string, durationMs: number, more: object = {}): EmulatedWorkflow => ({
  specId,
  name: specId,
  description: 'For tests',
  supportedInputFormats: ['txt'],
  requiredSlots: [],
  maxInputSizeBytes: 1_000,
  minFileCount: 1,
  execution: { durationMs, confirmingMs: 100, ...more },
});

type Model = ReturnType<typeof createEmulatorModel>;

/** Files that need no disk: they are handed to the model as they are. */
export function memoryFiles(model: Model, clock: VirtualClock): Partial<JobPorts> {
  return {
    inspectFiles: async ({ handles }) => handles.map((handle) => ({ handle, name: handle, bytes: 3 })),
    uploadFile: async ({ file }) => ({
      fileId: model.registerUpload({ name: file.name, bytes: new Uint8Array(3) }, clock.now()),
    }),
    saveResult: async ({ jobSpecId }) => ({ file: `/out/${jobSpecId}.zip`, bytes: 3, sha256: 'abc' }),
  };
}

/** Files that never change. */
export const sameFiles: FileRecorder = {
  absolute: (handle) => handle,
  look: async (path) => ({ path, bytes: 3, mtimeMs: 0 }),
  hash: async () => 'abc',
};

export interface LaneScene {
  readonly clock: VirtualClock;
  readonly model: Model;
  lane(more?: Partial<GoalLaneOptions>): GoalLane;
  /** Replies of the kind, by endpoint. */
  refusals(): readonly { readonly endpoint: string; readonly at: number }[];
  count(endpoint: string): number;
}

/** The emulated API in virtual time, and lanes on its key. */
export function laneScene(options: EmulatorModelOptions, latencyMs = 80): LaneScene {
  const clock = createVirtualClock();
  const model = createEmulatorModel(options);
  const adapter = createEmulatorAdapter(model, { clock, latencyMs });
  let seed = 1;
  return {
    clock,
    model,
    lane(more = {}) {
      seed += 1;
      return createGoalLane({
        apiKey: model.apiKey,
        clock,
        adapter,
        random: seeded(seed),
        ports: memoryFiles(model, clock),
        files: sameFiles,
        ...more,
      });
    },
    refusals: () =>
      model.log.filter(({ status }) => status === 429).map(({ endpoint, at }) => ({ endpoint, at })),
    count: (endpoint) => model.log.filter((entry) => entry.endpoint === endpoint).length,
  };
}

export function seeded(seed: number): () => number {
  let state = seed * 2_654_435_761;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return (state >>> 0) / 4_294_967_296;
  };
}

export const job = { workflowId: 'wf', files: ['a.txt'] } as const;

/** Starts so many jobs, and runs time until they have ended. */
export async function run(
  scene: LaneScene,
  lane: GoalLane,
  count: number,
  workflowIds = ['wf'],
): Promise<JobOutput[]> {
  const handles = Array.from({ length: count }, (_, at) =>
    lane.start({ workflowId: workflowIds[at % workflowIds.length] ?? 'wf', files: ['a.txt'] }),
  );
  return settle(scene, Promise.all(handles.map((handle) => handle.result())));
}

export async function settle<Value>(scene: LaneScene, work: Promise<Value>): Promise<Value> {
  let isDone = false;
  void work.then(() => {
    isDone = true;
  });
  await scene.clock.runUntil(() => isDone);
  expect(isDone).toBe(true);
  return work;
}

export const statuses = (outputs: readonly JobOutput[]): string[] => [
  ...new Set(outputs.map(({ status }) => status)),
];
