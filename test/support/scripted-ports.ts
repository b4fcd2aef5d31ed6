import { timePorts } from '../../src/engine/binding/time-ports.js';
import type { JobPorts } from '../../src/machines/ports.js';
import type { Failure } from '../../src/services/failure.js';
import type { Job, StatusReading, Workflow } from '../../src/services/wire/wire-types.js';
import type { VirtualClock } from './virtual-clock.js';

type PortName = Exclude<keyof JobPorts, 'startTurn' | 'waitUntil' | 'pollTurn'>;
type Answers = {
  readonly [Name in PortName]?: readonly (Awaited<ReturnType<JobPorts[Name]>> | { readonly fail: Failure })[];
};

export interface Call {
  readonly name: PortName;
  readonly input: unknown;
  readonly at: number;
}

export const failure = (kind: Failure['kind'], more: Partial<Failure> = {}): { fail: Failure } => ({
  fail: { kind, message: kind, advice: 'none', delivery: 'refused', ...more },
});

export const workflow = (more: Partial<Workflow> = {}): Workflow => ({
  specId: 'wf',
  name: 'A workflow',
  description: 'For tests',
  supportedInputFormats: ['txt'],
  requiredSlots: [],
  ...more,
});

export const job = (more: Partial<Job> = {}): Job => ({
  jobSpecId: 'job_1',
  status: 'pending',
  statusWord: more.status ?? 'pending',
  slots: [],
  itemVersion: 1,
  ...more,
});

export const reading = (
  status: StatusReading['status'],
  more: Partial<StatusReading> = {},
): StatusReading => ({
  status,
  statusWord: status,
  ...more,
});

type Fail = { readonly fail: Failure };
const failOf = (answer: unknown): Failure | undefined =>
  typeof answer === 'object' && answer !== null && 'fail' in answer ? (answer as Fail).fail : undefined;
const isValue = <Value>(answer: Value | Fail): answer is Value => failOf(answer) === undefined;

const defaults: Answers = {
  loadCatalog: [[workflow()]],
  inspectFiles: [[{ handle: 'a.txt', name: 'a.txt', bytes: 3 }]],
  uploadFile: [{ fileId: 'file_1' }],
  createJob: [job()],
  getJob: [job()],
  fillSlots: [{ jobSpecId: 'job_1', itemVersion: 2 }],
  confirmJob: [{ jobSpecId: 'job_1' }],
  getStatus: [reading('executing', { progress: 30 }), reading('completed')],
  getDownload: [{ url: 'https://storage.test/x?sig=secret' }],
  saveResult: [{ file: '/out/output.zip', bytes: 3, sha256: 'abc' }],
};

/** Ports that answer from a list, the last answer for ever, and write down every call. */
export function scriptedPorts(
  clock: VirtualClock,
  answers: Answers = {},
): { ports: JobPorts; calls: Call[] } {
  const calls: Call[] = [];
  const script = <Name extends PortName>(name: Name) => {
    const list = answers[name] ?? defaults[name] ?? [];
    let turn = 0;
    return async (input: unknown): Promise<Awaited<ReturnType<JobPorts[Name]>>> => {
      calls.push({ name, input, at: clock.now() });
      const answer = list[Math.min(turn, list.length - 1)];
      turn += 1;
      if (answer === undefined) throw new Error(`no answer for ${name}`);
      if (isValue<Awaited<ReturnType<JobPorts[Name]>>>(answer)) return answer;
      throw failOf(answer);
    };
  };
  const ports: JobPorts = {
    inspectFiles: script('inspectFiles'),
    loadCatalog: script('loadCatalog'),
    uploadFile: script('uploadFile'),
    createJob: script('createJob'),
    getJob: script('getJob'),
    fillSlots: script('fillSlots'),
    confirmJob: script('confirmJob'),
    getStatus: script('getStatus'),
    getDownload: script('getDownload'),
    saveResult: script('saveResult'),
    ...timePorts(clock),
  };
  return { ports, calls };
}
