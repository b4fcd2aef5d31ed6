import { fileURLToPath } from 'node:url';
import { type IPty, spawn } from '@lydell/node-pty';

const MAIN = fileURLToPath(new URL('../../dist/adapters/cli/main.js', import.meta.url));

/** The real command in a pseudo-terminal. */
export interface TerminalRun {
  readonly pty: IPty;
  /** All that was written to the terminal so far. */
  output(): string;
  readonly exitCode: Promise<number>;
  /** Resolves once the terminal was written what fits. */
  shows(pattern: RegExp): Promise<void>;
}

export interface TerminalOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

export function runInTerminal(args: readonly string[], options: TerminalOptions): TerminalRun {
  const { cwd, env, columns = 100, rows = 30 } = options;
  const pty = spawn(process.execPath, [MAIN, ...args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: cwd, TERM: 'xterm-256color', ...env },
  });
  let output = '';
  const watchers = new Set<() => void>();
  pty.onData((text) => {
    output += text;
    for (const watcher of watchers) watcher();
  });
  const exitCode = new Promise<number>((resolve) => pty.onExit((end) => resolve(end.exitCode)));
  return {
    pty,
    output: () => output,
    exitCode,
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(output)) return;
          watchers.delete(look);
          resolve();
        };
        watchers.add(look);
        look();
        void exitCode.then(() =>
          reject(new Error(`it ended before it showed ${pattern}: ${output.slice(-2_000)}`)),
        );
      }),
  };
}
