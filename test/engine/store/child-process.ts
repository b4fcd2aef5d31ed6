import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterEach } from 'vitest';

// Within node_modules, so that the bundle finds the packages that it leaves outside.
const BUNDLE = fileURLToPath(
  new URL('../../../node_modules/.cache/goal-lane/store-child.mjs', import.meta.url),
);

/** Makes the child program runnable by Node as it is. */
export async function bundleStoreChild(): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('./store-child.ts', import.meta.url))],
    outfile: BUNDLE,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  });
}

export interface StoreChild {
  readonly process: ChildProcess;
  /** The next line it says, parsed. */
  next(): Promise<unknown>;
  go(): void;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts child programs, and ends those that a test leaves behind. `shell` runs before, in the same process (for limits). */
export function useStoreChildren(): { start(args: readonly string[], shell?: string): StoreChild } {
  const started: ChildProcess[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });
  return {
    start(args, shell = ':') {
      const program = ['-c', `${shell}; exec "$0" "$@"`, process.execPath, BUNDLE, ...args];
      const child = spawn('sh', program, { stdio: ['pipe', 'pipe', 'inherit'] });
      started.push(child);
      const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
      return {
        process: child,
        async next() {
          const line = await lines.next();
          return line.done ? undefined : JSON.parse(line.value);
        },
        go: () => void child.stdin.write('go\n'),
        async kill(signal) {
          const ended = once(child, 'exit');
          child.kill(signal);
          await ended;
        },
      };
    },
  };
}
