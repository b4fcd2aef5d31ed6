import { PassThrough } from 'node:stream';
import type { CliIo } from '../../../src/adapters/cli/cli-io.js';

export interface FakeIo {
  readonly io: CliIo;
  readonly stdin: PassThrough;
  stdout(): string;
  stderr(): string;
}

function recorder(more: object): { stream: PassThrough; text: () => string } {
  const stream = Object.assign(new PassThrough(), more);
  let shown = '';
  stream.on('data', (chunk) => {
    shown += String(chunk);
  });
  return { stream, text: () => shown };
}

/** Streams that write down what is shown; with `isTTY` they pass for a terminal of 80 columns. */
export function createFakeIo(env: CliIo['env'] = {}, isTTY = false): FakeIo {
  const terminal = { isTTY, columns: 80, rows: 24 };
  const stdin = Object.assign(new PassThrough(), { isTTY, setRawMode: () => undefined });
  const [stdout, stderr] = [recorder({}), recorder(isTTY ? terminal : {})];
  const io: CliIo = {
    stdin,
    stdout: stdout.stream,
    stderr: stderr.stream,
    env: { GOAL_LANE_STORE: ':memory:', ...env },
    now: Date.now,
    interruption: new AbortController(),
  };
  return { io, stdin, stdout: stdout.text, stderr: stderr.text };
}
