#!/usr/bin/env node
import type { Writable } from 'node:stream';
import { EXIT } from './ends/exit-code.js';
import { runCli } from './run-cli.js';

const interruption = new AbortController();

/** The first one lets go of the jobs in good order; who asks again leaves at once, with the cursor given back. */
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
 * The reader of our output has gone (`| head`): the job is worth more than the text about it. But a script that reads a file
 * later, on a disk that is full, would never learn how it ended: then the job is let go, and can be resumed.
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
// Nowhere is left to say it.
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
// Explicitly: an open connection or a half-read stdin must not keep a finished command alive.
process.exit(isOutputLost ? EXIT.outputLost : exitCode);
