import type { Command } from 'commander';
import { type Emulator, startEmulator } from '../../emulator/index.js';
import type { CliIo } from '../cli-io.js';
import type { CommandHost } from '../command-host.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { parsePort } from '../settings.js';
import { UsageError } from '../usage-error.js';

const interrupted = ({ signal }: AbortController): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

async function start(port: number): Promise<Emulator> {
  try {
    return await startEmulator({ port });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--port ${port}: cannot be used (${why})`, 'Choose another, or leave it out.');
  }
}

async function emulate(io: CliIo, port: number): Promise<ExitCode> {
  const emulator = await start(port);
  io.stderr.write('The emulated Convilyn API listens, until Ctrl-C. In another shell:\n');
  io.stdout.write(
    `export CONVILYN_BASE_URL=${emulator.baseUrl}\nexport CONVILYN_API_KEY=${emulator.apiKey}\n`,
  );
  await interrupted(io.interruption);
  await emulator.close();
  return EXIT.saved;
}

/** `goal-lane emulate` */
export function addEmulate({ program, io, finish }: CommandHost): void {
  program
    .command('emulate')
    .description('serves an emulation of the API on this machine')
    .option('--port <n>', 'of the API (default: any that is free)', '0')
    .action(async (_own: unknown, command: Command) =>
      finish(await emulate(io, parsePort(command.opts<{ port: string }>().port))),
    );
}
