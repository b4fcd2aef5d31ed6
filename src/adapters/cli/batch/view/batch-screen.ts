import type { Writable } from 'node:stream';
import { createLogUpdate } from 'log-update';
import type { Screen } from '../../say/screen.js';

export type TerminalStream = Writable & {
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
};

/** A terminal with permanent lines above a picture that is redrawn at the bottom. */
export interface LiveScreen extends Screen {
  /** Draws `picture` now and then several times a second. */
  show(picture: (size: { readonly columns: number; readonly rows: number }) => readonly string[]): void;
  /** Removes the picture permanently. */
  hide(): void;
}

const FRAME_MS = 250;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

export function createLiveScreen(stream: TerminalStream): LiveScreen {
  // We control the cursor: the library would listen to signals to restore it.
  const update = createLogUpdate(stream, { showCursor: true });
  let picture: Parameters<LiveScreen['show']>[0] | undefined;
  let held: string[] | undefined;
  let timer: NodeJS.Timeout | undefined;
  const draw = (): void => {
    if (picture === undefined || held !== undefined) return;
    const { columns = 80, rows = 24 } = stream;
    update(picture({ columns, rows }).join('\n'));
  };
  const write = (text: string): void => {
    update.clear();
    stream.write(`${text}\n`);
    draw();
  };
  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    update.clear();
    stream.write(SHOW_CURSOR);
  };
  const start = (): void => {
    stream.write(HIDE_CURSOR);
    timer = setInterval(draw, FRAME_MS);
    draw();
  };
  /** A prompt has the terminal: other output is delayed until it ends. */
  const lendNow = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (picture !== undefined) stop();
    const lines: string[] = [];
    held = lines;
    try {
      return await work();
    } finally {
      held = undefined;
      for (const text of lines) stream.write(`${text}\n`);
      if (picture !== undefined) start();
    }
  };
  let last: Promise<void> = Promise.resolve();
  return {
    line(text) {
      if (held === undefined) write(text);
      else held.push(text);
    },
    bar: () => undefined,
    clearBar: () => undefined,
    lend(work) {
      const turn = last.then(() => lendNow(work));
      last = turn.then(ignore, ignore);
      return turn;
    },
    show(next) {
      const isFirst = picture === undefined;
      picture = next;
      if (isFirst && held === undefined) start();
    },
    hide() {
      if (picture === undefined) return;
      picture = undefined;
      stop();
    },
  };
}

const ignore = (): void => undefined;
