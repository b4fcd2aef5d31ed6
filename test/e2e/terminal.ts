import { fileURLToPath } from 'node:url';
import { type IPty, spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';

const MAIN = fileURLToPath(new URL('../../dist/adapters/cli/main.js', import.meta.url));

/** The real command in a pseudo-terminal. */
export interface TerminalRun {
  readonly pty: IPty;
  /** What the screen shows now, a line each, without spaces at the end. */
  screen(): string[];
  /** All that was ever shown and has not been wiped out: what was scrolled away, then the screen. */
  history(): string[];
  /** Bytes as they came. */
  raw(): string;
  readonly exitCode: Promise<number>;
  /** Resolves with the screen once it shows what fits. */
  shows(pattern: RegExp): Promise<string>;
}

export interface TerminalOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

function keptScreen(cols: number, rows: number) {
  const terminal = new headless.Terminal({ cols, rows, scrollback: 2_000, allowProposedApi: true });
  const lines = (from: number): string[] => {
    const buffer = terminal.buffer.active;
    const all = Array.from(
      { length: buffer.length },
      (_, at) => buffer.getLine(at)?.translateToString(true) ?? '',
    );
    return all.slice(from);
  };
  return {
    write: (text: string, then: () => void): void => terminal.write(text, then),
    screen: () => lines(terminal.buffer.active.baseY),
    history: () => lines(0),
  };
}

export function runInTerminal(args: readonly string[], options: TerminalOptions): TerminalRun {
  const { cwd, env, columns = 100, rows = 30 } = options;
  const kept = keptScreen(columns, rows);
  const pty = spawn(process.execPath, [MAIN, ...args], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd,
    env: { PATH: process.env.PATH ?? '', HOME: cwd, TERM: 'xterm-256color', ...env },
  });
  let raw = '';
  const watchers = new Set<() => void>();
  pty.onData((text) => {
    raw += text;
    kept.write(text, () => {
      for (const watcher of watchers) watcher();
    });
  });
  const exitCode = new Promise<number>((resolve) => {
    pty.onExit((end) => kept.write('', () => resolve(end.exitCode)));
  });
  return {
    pty,
    screen: kept.screen,
    history: kept.history,
    raw: () => raw,
    exitCode,
    shows: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const shown = kept.screen().join('\n');
          if (!pattern.test(shown)) return;
          watchers.delete(look);
          resolve(shown);
        };
        watchers.add(look);
        look();
        void exitCode.then(() =>
          reject(new Error(`it ended before it showed ${pattern}: ${kept.history().join('\n')}`)),
        );
      }),
  };
}
