import type { Readable, Writable } from 'node:stream';

/** Everything that a command uses of its process; tests pass their own. */
export interface CliIo {
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined };
  /** `columns`: width of the terminal. */
  readonly stdout: Writable & {
    readonly isTTY?: boolean | undefined;
    readonly columns?: number | undefined;
  };
  /** Output for people. `columns`, `rows`: size of the terminal. */
  readonly stderr: Writable & {
    readonly isTTY?: boolean | undefined;
    readonly columns?: number | undefined;
    readonly rows?: number | undefined;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Epoch ms. */
  readonly now: () => number;
  /** Aborted by Ctrl-C, SIGTERM, or leaving a prompt. */
  readonly interruption: AbortController;
}

/** Whether output for people goes to a terminal that can move its cursor, which the bar and prompts need. */
export const canDraw = ({ stderr, env }: CliIo): boolean => stderr.isTTY === true && env.TERM !== 'dumb';

/** Whether a person can be asked. */
export const canAsk = (io: CliIo): boolean => io.stdin.isTTY === true && canDraw(io);
