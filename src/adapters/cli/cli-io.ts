import type { Readable, Writable } from 'node:stream';

/** Everything that a command touches of its process; tests hand in their own. */
export interface CliIo {
  readonly stdin: Readable & { readonly isTTY?: boolean | undefined };
  /** `columns`: of a terminal. */
  readonly stdout: Writable & {
    readonly isTTY?: boolean | undefined;
    readonly columns?: number | undefined;
  };
  /** People's output. `columns`, `rows`: of a terminal. */
  readonly stderr: Writable & {
    readonly isTTY?: boolean | undefined;
    readonly columns?: number | undefined;
    readonly rows?: number | undefined;
  };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Epoch ms. */
  readonly now: () => number;
  /** Aborted by Ctrl-C, SIGTERM, or a prompt that was left. */
  readonly interruption: AbortController;
}

/** Whether people's output goes to a terminal that moves its cursor: a bar and a prompt are drawn over what was there. */
export const canDraw = ({ stderr, env }: CliIo): boolean => stderr.isTTY === true && env.TERM !== 'dumb';

/** Whether a person sits there who can be asked. */
export const canAsk = (io: CliIo): boolean => io.stdin.isTTY === true && canDraw(io);
