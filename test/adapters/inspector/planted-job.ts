import type { InspectionEvent } from 'xstate';
import { type JobTelemetry, startGoalJob } from '../../../src/engine/job/index.js';
import type { JobInput, JobPorts } from '../../../src/machines/index.js';
import type { Failure } from '../../../src/services/failure.js';
import { failure, job, reading, scriptedPorts, workflow } from '../../support/scripted-ports.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

/** Every secret carries it, whatever else it looks like. */
export const MARK = 'PLANTED';

/** Some have the shape of a name, which a filter by shape would let through. */
export const planted = {
  key: `sk_live_${MARK}_key`,
  path: `/home/${MARK}/path.txt`,
  fileName: `${MARK}_name.txt`,
  answer: `${MARK}_answer`,
  listedAnswer: `${MARK}-listed-answer`,
  submitted: `what was typed: ${MARK}`,
  heldValue: `${MARK}_held_value`,
  label: `Tell us, ${MARK}`,
  preview: `Detected in your file: ${MARK}`,
  step: `${MARK}_step`,
  statusWord: `${MARK}_word`,
  fileId: `file_${MARK}`,
  url: `https://storage.test/${MARK}/x?X-Amz-Signature=${MARK}`,
  filename: `${MARK}.zip`,
  saved: `/out/${MARK}/output.zip`,
  sha256: `sha256${MARK}`,
  message: `mismatch near ${MARK}`,
  advice: `do ${MARK}`,
  serverSaid: `{"debug":"${MARK}"}`,
  requestPath: `/jobs/goal/${MARK}`,
  thrown: `cannot open ${MARK} with sk_live_${MARK}_key`,
  jobError: `the job failed at ${MARK}`,
};

const trouble: Partial<Failure> = {
  message: planted.message,
  advice: planted.advice,
  path: planted.requestPath,
  serverMessage: planted.serverSaid,
  findings: [planted.message],
  fieldErrors: [{ field: 'tone', message: planted.message }],
};

const slot = (slotId: string) => ({ slotId, type: 'text', required: true, label: planted.label });
const checkpoint = { checkpointId: 'review', stepOutputPreview: planted.preview, slots: [slot('tone')] };

const input: JobInput = {
  workflowId: 'wf',
  files: [planted.path],
  slots: { length: planted.answer },
  answers: { length: [planted.listedAnswer, planted.answer] },
};

type Answers = NonNullable<Parameters<typeof scriptedPorts>[1]>;

export interface Scenario {
  readonly answers: Answers;
  readonly ports?: Partial<JobPorts>;
  /** The state in which it ends. */
  readonly ends: string;
}

const common: Answers = {
  inspectFiles: [[{ handle: planted.path, name: planted.fileName, bytes: 3 }]],
  loadCatalog: [[workflow({ requiredSlots: [slot('length')] })]],
  uploadFile: [failure('server', trouble), { fileId: planted.fileId }],
};

const wholeWay: Answers = {
  ...common,
  createJob: [
    failure('rate-limited', trouble),
    job({ slots: [{ ...slot('length'), value: planted.heldValue }] }),
  ],
  fillSlots: [failure('version-conflict', trouble), { jobSpecId: 'job_1', itemVersion: 2 }],
  getJob: [job({ itemVersion: 5, slots: [{ ...slot('length'), value: planted.heldValue }] })],
  getStatus: [
    reading('executing', { progress: 30, currentStep: planted.step }),
    reading('unknown', { statusWord: planted.statusWord }),
    reading('slot_needed', { itemVersion: 6, currentStep: planted.step, checkpoint }),
    failure('network', trouble),
    reading('completed'),
  ],
  getDownload: [{ url: planted.url, filename: planted.filename, expiresAt: 1_900_000_000_000 }],
  saveResult: [failure('gone', trouble), { file: planted.saved, bytes: 3, sha256: planted.sha256 }],
};

/** The ways on which secrets get into a job: answers, failures, exceptions, ends. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'a job to its saved result': { answers: wholeWay, ends: 'completed' },
  'a job that fails on the server': {
    answers: { ...common, createJob: [job()], getStatus: [reading('failed', { error: planted.jobError })] },
    ends: 'failed',
  },
  'a create without an answer': {
    answers: { ...common, createJob: [failure('network', { ...trouble, delivery: 'unknown' })] },
    ends: 'detached',
  },
  'a host whose function throws': {
    answers: common,
    ports: { inspectFiles: () => Promise.reject(new Error(planted.thrown)) },
    ends: 'failed',
  },
};

/** Runs a job in virtual time, answering whatever is asked of a person; returns the state in which it ended. */
export async function runPlanted(
  { answers, ports }: Omit<Scenario, 'ends'>,
  inspect?: (event: InspectionEvent) => void,
  telemetry?: JobTelemetry,
): Promise<string> {
  const clock = createVirtualClock();
  const scripted = scriptedPorts(clock, answers);
  const handle = startGoalJob({
    ports: { ...scripted.ports, ...ports },
    input,
    clock,
    random: () => 0.5,
    id: 'the-job',
    telemetry,
    ...(inspect === undefined ? {} : { inspect }),
  });
  const progress = { handle: planted.path, sentBytes: 1, totalBytes: 3 };
  handle.actor.send({ type: 'UPLOAD_PROGRESS', progress });
  // A host that puts into an event what does not belong there.
  const careless = { type: 'CONFIRM' as const, apiKey: planted.key };
  handle.actor.send(careless);
  const isOver = (): boolean => handle.actor.getSnapshot().status !== 'active';
  for (let round = 0; round < 20 && !isOver(); round += 1) {
    await clock.runUntil(() => isOver() || handle.view().tags.includes('user-input'));
    if (handle.view().path === 'preparing.outcomeUnknown') handle.send({ type: 'DETACH' });
    else handle.submitSlots({ tone: planted.submitted });
  }
  return handle.view().state;
}
