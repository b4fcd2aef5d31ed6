import { barLine } from './bar-line.js';
import { createLiveRegion, type TerminalStream } from './live-region.js';
import type { Screen } from './screen.js';

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** Lines for the bottom of a terminal: none wider than it, and fewer than its rows. */
export type Picture = (size: TerminalSize) => readonly string[];

/** A terminal with permanent lines above a picture that is redrawn at the bottom. */
export interface TerminalScreen extends Screen {
  /** Draws `picture` now, then several times a second, and when the size of the terminal changes. */
  show(picture: Picture): void;
  /** Removes the picture permanently. */
  hide(): void;
}

export interface TerminalScreenOptions {
  /** Ms, for the time next to the bar. */
  readonly now: () => number;
  /** See `createLiveRegion`. */
  readonly reflows?: boolean;
}

const FRAME_MS = 250;
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

/** Runs works one after another: several jobs may have a question at once. */
function createTurns() {
  let last: Promise<void> = Promise.resolve();
  return <Result>(work: () => Promise<Result>): Promise<Result> => {
    const turn = last.then(work);
    last = turn.then(ignore, ignore);
    return turn;
  };
}

const ignore = (): void => undefined;

/** The picture of a stream, with a timer while it is shown. */
function createShow(stream: TerminalStream, reflows: boolean | undefined) {
  const region = createLiveRegion(stream, reflows);
  let picture: Picture | undefined;
  let timer: NodeJS.Timeout | undefined;
  const frame = (): void => {
    const { columns, rows } = stream;
    if (timer !== undefined && picture !== undefined)
      region.draw(picture({ columns: columns || 80, rows: rows || 24 }));
  };
  return {
    frame,
    get isSet() {
      return picture !== undefined;
    },
    set(next: Picture | undefined) {
      picture = next;
    },
    start() {
      if (picture === undefined || timer !== undefined) return;
      stream.write(HIDE_CURSOR);
      timer = setInterval(frame, FRAME_MS);
      stream.on('resize', frame);
      frame();
    },
    stop() {
      if (timer === undefined) return;
      clearInterval(timer);
      timer = undefined;
      stream.off('resize', frame);
      region.replace('');
      stream.write(SHOW_CURSOR);
    },
    write(text: string) {
      region.replace(`${text}\n`);
      frame();
    },
  };
}

/** Writes lines, and holds them back while a prompt has the terminal. */
function createLines(shown: ReturnType<typeof createShow>) {
  let held: string[] | undefined;
  return {
    get isHeld() {
      return held !== undefined;
    },
    line(text: string) {
      if (held === undefined) shown.write(text);
      else held.push(text);
    },
    async holdDuring<Result>(work: () => Promise<Result>): Promise<Result> {
      shown.stop();
      const lines: string[] = [];
      held = lines;
      try {
        return await work();
      } finally {
        held = undefined;
        for (const text of lines) shown.write(text);
        shown.start();
      }
    },
  };
}

export function createTerminalScreen(
  stream: TerminalStream,
  { now, reflows }: TerminalScreenOptions,
): TerminalScreen {
  const shown = createShow(stream, reflows);
  const lines = createLines(shown);
  const inTurn = createTurns();
  let [label, share] = ['', 0];
  let since: number | undefined;
  const barPicture: Picture = ({ columns }) => [
    barLine({ label, share, ageMs: now() - (since ?? now()) }, columns),
  ];
  const show = (picture: Picture): void => {
    shown.set(picture);
    if (!lines.isHeld) shown.start();
  };
  const hide = (): void => {
    shown.set(undefined);
    shown.stop();
  };
  const clearBar = (): void => {
    if (since === undefined) return;
    since = undefined;
    hide();
  };
  return {
    line: lines.line,
    bar(nextLabel, nextShare) {
      if (lines.isHeld || (since === undefined && shown.isSet)) return;
      [label, share] = [nextLabel, nextShare];
      // Later values are drawn with the next frame.
      if (since !== undefined) return;
      since = now();
      show(barPicture);
    },
    clearBar,
    lend: (work) =>
      inTurn(() => {
        // The bar of one job is over when the job asks; the picture of a batch returns.
        clearBar();
        return lines.holdDuring(work);
      }),
    show,
    hide,
  };
}
