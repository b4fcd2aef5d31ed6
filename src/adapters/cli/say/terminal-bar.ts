import type { Writable } from 'node:stream';
import cliProgress, { type Options, type Params, type SingleBar } from 'cli-progress';
import { formatDuration } from './format.js';

/** One bar at the bottom of a terminal; it disappears when cleared. */
export interface TerminalBar {
  /** `share` is 0 to 1. */
  show(label: string, share: number): void;
  /** Removes it; its time restarts when it is shown again. */
  clear(): void;
  /** Removes it while `work` writes in its place. */
  aside(work: () => void): void;
}

const BAR_WIDTH = 24;
const FRAMES_PER_SECOND = 4;

function createSingleBar(stream: Writable, text: (options: Options, params: Params) => string): SingleBar {
  return new cliProgress.SingleBar({
    stream,
    format: text,
    barsize: BAR_WIDTH,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    fps: FRAMES_PER_SECOND,
    hideCursor: true,
    clearOnComplete: true,
    // True cuts the bar to the width of the terminal, because a wrapped bar cannot be erased.
    linewrap: true,
    // The command handles signals: a library that listens to them too would end the process in its own way.
    gracefulExit: false,
  });
}

/** `now` is for the time shown next to the bar. */
export function createTerminalBar(stream: Writable, now: () => number): TerminalBar {
  let [label, share] = ['', 0];
  let since: number | undefined;
  let bar: SingleBar | undefined;
  const text = (options: Options, params: Params): string => {
    const drawn = cliProgress.Format.BarFormat(params.progress, options);
    const percent = `${Math.floor(params.progress * 100)}`.padStart(3);
    return `${drawn} ${percent} %  ${label}  ${formatDuration(now() - (since ?? now()))}`;
  };
  const draw = (): void => {
    since ??= now();
    if (bar === undefined) {
      bar = createSingleBar(stream, text);
      bar.start(1_000, Math.round(share * 1_000));
    } else bar.update(Math.round(share * 1_000));
  };
  const hide = (): void => {
    bar?.stop();
    bar = undefined;
  };
  return {
    show(nextLabel, nextShare) {
      label = nextLabel;
      share = Math.min(1, Math.max(0, nextShare));
      draw();
    },
    clear() {
      hide();
      since = undefined;
    },
    aside(work) {
      const wasShown = bar !== undefined;
      hide();
      work();
      if (wasShown) draw();
    },
  };
}
