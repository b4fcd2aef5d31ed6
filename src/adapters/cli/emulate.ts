import { type Emulator, startEmulator } from '../emulator/index.js';
import type { CliIo } from './cli-io.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { UsageError } from './usage-error.js';

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

/** Serves the emulator until it is told to stop. */
export async function emulate(io: CliIo, port: number): Promise<ExitCode> {
  const emulator = await start(port);
  io.stderr.write('The emulated Convilyn API listens, until Ctrl-C. In another shell:\n');
  io.stdout.write(
    `export CONVILYN_BASE_URL=${emulator.baseUrl}\nexport CONVILYN_API_KEY=${emulator.apiKey}\n`,
  );
  await interrupted(io.interruption);
  await emulator.close();
  return EXIT.saved;
}
