#!/usr/bin/env node
import type { Writable } from 'node:stream';
import { EXIT } from './ends/exit-code.js';
import { runCli } from './run-cli.js';

const interruption = new AbortController();

/** The first signal detaches the jobs properly; a second one exits at once and restores the cursor. */
function onSignal(): void {
  if (!interruption.signal.aborted) {
    interruption.abort();
    return;
  }
  if (process.stderr.isTTY && process.env.TERM !== 'dumb') process.stderr.write('\u001b[?25h\n');
  process.exit(EXIT.interrupted);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);

let isOutputLost = false;

/**
 * If the reader of our output is gone (`| head`), the job continues, because it is worth more than its output. But if stdout is a
 * file on a full disk, a script that reads it later would never learn the result: then the job is detached and can be resumed.
 */
function onStdoutError(error: NodeJS.ErrnoException): void {
  const isReaderGone = ['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'].includes(error.code ?? '');
  if (isReaderGone || isOutputLost) return;
  isOutputLost = true;
  process.stderr.write(`stdout cannot be written: ${error.message}\n`);
  interruption.abort();
}

const drained = (stream: Writable): Promise<void> =>
  new Promise((resolve) => {
    if (stream.destroyed || !stream.writable) resolve();
    else stream.write('', () => resolve());
  });

process.stdout.on('error', onStdoutError);
// There is nowhere left to report it.
process.stderr.on('error', () => undefined);

const exitCode = await runCli(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  now: Date.now,
  interruption,
});
await Promise.all([drained(process.stdout), drained(process.stderr)]);
// Explicit, because an open connection or a half-read stdin must not keep a finished command alive.
process.exit(isOutputLost ? EXIT.outputLost : exitCode);
