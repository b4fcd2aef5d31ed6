import type { Readable } from 'node:stream';
import axios from 'axios';
import {
  createEmulatorAdapter,
  createEmulatorModel,
  type EmulatorModelOptions,
} from '../../../src/adapters/emulator/index.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

export const LATENCY_MS = 40;

/** A model behind an axios transport, on a clock that is moved by hand. */
export function begin(options: EmulatorModelOptions = {}) {
  const clock = createVirtualClock();
  const model = createEmulatorModel({ plan: 'business', ...options });
  const adapter = createEmulatorAdapter(model, { clock, latencyMs: LATENCY_MS });
  const headers = { Authorization: `Bearer ${model.apiKey}` };
  const api = axios.create({ baseURL: model.apiUrl, adapter, headers, validateStatus: () => true });
  const storage = axios.create({ adapter, responseType: 'stream', validateStatus: () => true });
  /** Lets time pass until the work is done. */
  async function within<Value>(work: Promise<Value>): Promise<Value> {
    let isDone = false;
    const mark = (): void => {
      isDone = true;
    };
    work.then(mark, mark);
    await clock.runUntil(() => isDone);
    return work;
  }
  const completed = async (): Promise<string> => {
    const fileIds = [model.registerUpload({ name: 'a.txt', bytes: Buffer.from('hello') }, clock.now())];
    const { data } = await within(api.post('/jobs/goal', { workflowId: 'goal_lane.media_archive', fileIds }));
    await within(api.post(`/jobs/goal/${data.jobSpecId}/confirm`, { itemVersion: 1 }));
    await clock.advance(60_000);
    return `/jobs/goal/${data.jobSpecId}`;
  };
  return { clock, model, api, storage, within, completed };
}

/** All that a stream gives. */
export async function read(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}
