import type { JobPorts } from '../../../src/machines/ports.js';
import type { Failure } from '../../../src/services/failure.js';
import type { Job, SlotAnswer, StatusReading } from '../../../src/services/wire/wire-types.js';
import { workflow } from '../../support/scripted-ports.js';

type Calls = Omit<JobPorts, 'startTurn' | 'waitUntil' | 'pollTurn' | 'inspectFiles'>;

/** What the server did, in its order. */
export interface ServerLog {
  creates: number;
  /** The question (`start` or a checkpoint's id) of each PATCH that was accepted. */
  answered: string[];
  confirmed: string[];
  uploads: string[];
  statusReads: number[];
}

const refuse = (kind: Failure['kind'], message: string): Failure => ({
  kind,
  message,
  advice: 'none',
  delivery: 'refused',
});

const CHECKPOINTS = ['outline', 'review'];

/** One job of a workflow with a slot before execution and two checkpoints, on a server that keeps to the reference. */
export function createFakeServer(now: () => number, readsAStage = 2) {
  const log: ServerLog = { creates: 0, answered: [], confirmed: [], uploads: [], statusReads: [] };
  let version = 1;
  let status: StatusReading['status'] = 'pending';
  let readsLeft = readsAStage;
  /** `start`, then the checkpoints. */
  let question = 0;
  let value: SlotAnswer['value'] | undefined;
  const name = (): string => ['start', ...CHECKPOINTS][question] ?? '';

  const slots = () => [
    { slotId: 'tone', type: 'text', required: true, ...(value === undefined ? {} : { value }) },
  ];
  const reading = (): StatusReading => ({
    status,
    statusWord: status,
    itemVersion: version,
    ...(status === 'executing' ? { progress: 30 * question + 10 } : {}),
    ...(status === 'slot_needed' ? { checkpoint: { checkpointId: name(), slots: slots() } } : {}),
  });
  const job = (): Job => ({
    ...reading(),
    jobSpecId: 'job_1',
    slots: status === 'pending' ? slots() : [],
  });
  const isAsking = (): boolean => status === 'pending' || status === 'slot_needed';
  const guard = (itemVersion: number): void => {
    if (!isAsking()) throw refuse('invalid-transition', `not while ${status}`);
    if (itemVersion !== version) throw refuse('version-conflict', `expected ${version}, got ${itemVersion}`);
  };
  const go = (): void => {
    if (status !== 'executing') return;
    readsLeft -= 1;
    if (readsLeft > 0) return;
    question += 1;
    readsLeft = readsAStage;
    value = undefined;
    version += 1;
    status = question > CHECKPOINTS.length ? 'completed' : 'slot_needed';
  };

  const calls: Calls = {
    loadCatalog: async () => [workflow()],
    async uploadFile({ file }) {
      log.uploads.push(file.name);
      return { fileId: `file_${log.uploads.length}` };
    },
    async createJob() {
      log.creates += 1;
      return job();
    },
    getJob: async () => job(),
    async fillSlots({ itemVersion, slots: given }) {
      guard(itemVersion);
      version += 1;
      value = given[0]?.value;
      log.answered.push(name());
      return job();
    },
    async confirmJob({ itemVersion, jobSpecId }) {
      guard(itemVersion);
      if (value === undefined) throw refuse('validation', 'tone is missing');
      log.confirmed.push(name());
      status = 'executing';
      return { jobSpecId };
    },
    async getStatus() {
      log.statusReads.push(now());
      go();
      return reading();
    },
    async getDownload() {
      if (status !== 'completed') throw refuse('invalid-transition', 'not completed');
      return {
        url: 'https://storage.test/result?X-Amz-Signature=PLANTED-URL-SECRET',
        expiresAt: now() + 3_600_000,
      };
    },
    async saveResult({ download }) {
      if (!download.url.includes('PLANTED-URL-SECRET')) throw refuse('gone', 'no such URL');
      return { file: '/out/output.zip', bytes: 3, sha256: 'abc' };
    },
  };
  return { log, calls, exists: () => log.creates > 0 };
}

export type FakeServer = ReturnType<typeof createFakeServer>;
