import { timePorts } from '../../../src/engine/binding/time-ports.js';
import { createStoredJobs } from '../../../src/engine/durable/create-stored-jobs.js';
import type { FileRecorder, StoredJobHandle, StoredJobsOptions } from '../../../src/engine/durable/index.js';
import type { JobStore } from '../../../src/engine/store/job-store.js';
import type { StoreOwner } from '../../../src/engine/store/lease/job-lease.js';
import type { JobInput } from '../../../src/machines/job-input.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import { createVirtualClock } from '../../support/virtual-clock.js';
import { createFakeServer, type FakeServer } from './fake-server.js';

export const INPUT: JobInput = {
  workflowId: 'wf',
  files: ['/in/a.txt', '/in/b.txt'],
  answers: { tone: ['plain', 'bold', 'calm'] },
};

/** Files that exist only here: path → content. */
export interface FakeDisk extends FileRecorder {
  readonly content: Map<string, { text: string; mtimeMs: number }>;
}

export function createFakeDisk(): FakeDisk {
  const content = new Map(
    ['/in/a.txt', '/in/b.txt'].map((path) => [path, { text: `content of ${path}`, mtimeMs: 1_000 }]),
  );
  const find = (path: string) => {
    const found = content.get(path);
    if (!found) throw new Error(`ENOENT ${path}`);
    return found;
  };
  return {
    content,
    absolute: (handle) => (handle.startsWith('/') ? handle : `/in/${handle}`),
    look: async (path) => ({ path, bytes: find(path).text.length, mtimeMs: find(path).mtimeMs }),
    hash: async (path) => `hash of ${find(path).text}`,
  };
}

export const owner = (id: string, pid = 4_711): StoreOwner => ({ id, pid, host: 'here', startedAt: '1' });

/** A server, a disk and a time that outlive any process; `open` is a process with its own stored jobs. */
export function createWorld(store: JobStore, readsAStage?: number) {
  const clock = createVirtualClock();
  const server: FakeServer = createFakeServer(clock.now, readsAStage);
  const disk = createFakeDisk();
  const ports: JobPorts = {
    ...server.calls,
    inspectFiles: async ({ handles }) =>
      handles.map((handle) => ({ handle, name: handle.slice(4), bytes: 3, modifiedAt: 1_000 })),
    ...timePorts(clock),
  };
  const open = (name: string, more: Partial<StoredJobsOptions> = {}) =>
    createStoredJobs({ store, ports, owner: owner(name), clock, random: () => 0.5, files: disk, ...more });
  const untilOver = (handle: StoredJobHandle) => clock.runUntil(() => isOver(handle) || awaitsPerson(handle));
  /** Until the job stands at a place. */
  const untilAt = (handle: StoredJobHandle, path: string) =>
    clock.runUntil(() => isOver(handle) || handle.view().path === path);
  return { clock, server, disk, ports, store, open, untilOver, untilAt };
}

export const isOver = (handle: StoredJobHandle): boolean => handle.actor.getSnapshot().status !== 'active';
const awaitsPerson = (handle: StoredJobHandle): boolean => handle.view().tags.includes('user-input');

export type World = ReturnType<typeof createWorld>;
