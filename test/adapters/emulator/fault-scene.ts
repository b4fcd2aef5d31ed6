import { afterEach, beforeEach } from 'vitest';
import { type Emulator, type FaultPlan, startEmulator } from '../../../src/adapters/emulator/index.js';
import { type Call, callServer, fileForm, type Said } from './api-client.js';

const START = Date.UTC(2026, 2, 30, 12);
export const MINUTE_MS = 60_000;

/** A new emulator over HTTP for each test, on a clock that the test moves. */
export function faultScene() {
  const time = { now: START };
  let running: Emulator | undefined;
  const emulator = (): Emulator => {
    if (running === undefined) throw new Error('the emulator runs only within a test');
    return running;
  };
  beforeEach(async () => {
    time.now = START;
    running = await startEmulator({ clock: { now: () => time.now }, plan: 'business' });
  });
  afterEach(() => running?.close());
  const call: Call = (...request) => callServer(emulator().baseUrl, emulator().apiKey)(...request);
  const script: FaultPlan['add'] = (rule) => emulator().faults.add(rule);
  return { time, emulator, call, script, ...stepsOf(call, time) };
}

/** The steps that tests take on their way to what they are about. */
function stepsOf(call: Call, time: { now: number }) {
  const upload = async (): Promise<string> =>
    (await call('POST', '/upload', fileForm('a.txt', 'hello'))).body.file_id;
  const create = async (workflowId: string): Promise<Said> =>
    call('POST', '/jobs/goal', { workflowId, fileIds: [await upload()] });
  /** The path of a new job. */
  const newJob = async (workflowId = 'goal_lane.resume_tailor'): Promise<string> =>
    `/jobs/goal/${(await create(workflowId)).body.jobSpecId}`;
  const confirm = (path: string, itemVersion = 1): Promise<Said> =>
    call('POST', `${path}/confirm`, { itemVersion });
  const fill = (path: string, itemVersion: number, slotId: string, value: unknown): Promise<Said> =>
    call('PATCH', `${path}/slots`, { itemVersion, slots: [{ slotId, value }] });
  const status = async (path: string): Promise<Said['body']> => (await call('GET', `${path}/status`)).body;
  const startedAndAged = async (workflowId: string): Promise<string> => {
    const path = await newJob(workflowId);
    await confirm(path);
    time.now += MINUTE_MS;
    return path;
  };
  const atCheckpoint = (): Promise<string> => startedAndAged('goal_lane.resume_tailor');
  const completed = (): Promise<string> => startedAndAged('goal_lane.media_archive');
  return { upload, create, newJob, confirm, fill, status, atCheckpoint, completed };
}

/** The system's code of what broke a request. */
export async function brokenBy(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'nothing';
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    return cause instanceof Error && 'code' in cause ? String(cause.code) : String(error);
  }
}
