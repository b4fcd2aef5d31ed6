import { type Emulator, type Replay, startEmulator, startReplay } from '../../emulator/index.js';
import type { CliIo } from '../cli-io.js';
import { EXIT, type ExitCode } from '../ends/exit-code.js';
import { UsageError } from '../ends/usage-error.js';
import {
  type EmulateFlags,
  type EmulateOptions,
  emulateOptions,
  replayOptions,
  replayRefused,
} from './emulate-options.js';

const interrupted = ({ signal }: AbortController): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });

async function start(options: EmulateOptions): Promise<Emulator> {
  const { port } = options;
  try {
    // The log of a server that runs for days is not read.
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

async function startTrace(path: string, flags: EmulateFlags): Promise<Replay> {
  const options = await replayOptions(path, flags);
  try {
    return await startReplay(options);
  } catch (error) {
    if (error instanceof TypeError) throw replayRefused(path, error);
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(
      `--port ${options.port}: cannot be used (${why})`,
      'Choose another, or leave it out.',
    );
  }
}

/**
 * Serves the emulator until it is stopped.
 * @throws UsageError if a flag is invalid, or the port is taken
 */
export async function emulate(io: CliIo, flags: EmulateFlags): Promise<ExitCode> {
  const { replay } = flags;
  const emulator =
    replay === undefined ? await start(await emulateOptions(flags)) : await startTrace(replay, flags);
  const what = replay === undefined ? 'The emulated Convilyn API' : 'The server of the trace';
  io.stderr.write(`${what} listens, until Ctrl-C. In another shell:\n`);
  io.stdout.write(
    `export CONVILYN_BASE_URL=${emulator.baseUrl}\nexport CONVILYN_API_KEY=${emulator.apiKey}\n`,
  );
  await interrupted(io.interruption);
  await emulator.close();
  return EXIT.saved;
}
