import { createEmulatorModel, type EmulatorModelOptions } from '../../../src/adapters/emulator/index.js';
import { callModel } from './api-client.js';

export const START = Date.UTC(2026, 2, 30, 12);
export const DAY_MS = 86_400_000;

/** A model and its client on one clock. */
export function modelScene(options: EmulatorModelOptions = {}) {
  const time = { now: START };
  const model = createEmulatorModel(options);
  const call = callModel(model, () => time.now);
  const upload = (name = 'a.txt', content = 'hello') =>
    model.registerUpload({ name, bytes: Buffer.from(content) }, time.now);
  const create = (workflowId: string, fileIds = [upload()]) =>
    call('POST', '/jobs/goal', { workflowId, fileIds });
  const start = (workflowId: string): string => {
    const path = `/jobs/goal/${create(workflowId).body.jobSpecId}`;
    call('POST', `${path}/confirm`, { itemVersion: 1 });
    return path;
  };
  return { time, model, call, upload, create, start };
}
