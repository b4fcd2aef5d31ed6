import { type Emulator, startEmulator } from '../../emulator/index.js';
import type { CliIo } from '../cli-io.js';
import { EXIT, type ExitCode } from '../ends/exit-code.js';
import { UsageError } from '../ends/usage-error.js';
import { type EmulateFlags, type EmulateOptions, emulateOptions } from './emulate-options.js';

const interrupted = ({ signal }: AbortController): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

async function start(options: EmulateOptions): Promise<Emulator> {
  const { port } = options;
  try {
    // Nobody reads the log of a server that stands for days.
    return await startEmulator({ ...options, keepLog: false });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    if (error instanceof TypeError)
      throw new UsageError(
        `--allow-origin: ${why}`,
        'Name each web page that may call by scheme, host and port.',
      );
    throw new UsageError(`--port ${port}: cannot be used (${why})`, 'Choose another, or leave it out.');
  }
}

/**
 * Serves the emulator until it is told to stop.
 * @throws UsageError where a flag is not what it should be, or the port is taken
 */
export async function emulate(io: CliIo, flags: EmulateFlags): Promise<ExitCode> {
  const emulator = await start(await emulateOptions(flags));
  io.stderr.write('The emulated Convilyn API listens, until Ctrl-C. In another shell:\n');
  io.stdout.write(
    `export CONVILYN_BASE_URL=${emulator.baseUrl}\nexport CONVILYN_API_KEY=${emulator.apiKey}\n`,
  );
  await interrupted(io.interruption);
  await emulator.close();
  return EXIT.saved;
}
