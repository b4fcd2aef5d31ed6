import { PassThrough } from 'node:stream';
import headless from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { createTerminalScreen, type Picture } from '../../../../src/adapters/cli/say/terminal-screen.js';

/** A terminal that wraps lines again when its size changes, with the stream of a process in it. */
function createTerminal(cols: number, rows: number) {
  const terminal = new headless.Terminal({
    cols,
    rows,
    scrollback: 100,
    allowProposedApi: true,
    convertEol: true,
  });
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: cols, rows });
  stream.on('data', (bytes: Buffer) => terminal.write(bytes));
  const settled = (): Promise<void> =>
    new Promise((resolve) => setImmediate(() => terminal.write('', () => resolve())));
  return {
    stream,
    async resize(columns: number, height: number) {
      await settled();
      terminal.resize(columns, height);
      Object.assign(stream, { columns, rows: height });
      stream.emit('resize');
    },
    async lines(): Promise<string[]> {
      await settled();
      const { active } = terminal.buffer;
      const all = Array.from({ length: active.length }, (_, at) =>
        active.getLine(at)?.translateToString(true),
      );
      return all.map((line) => line ?? '').filter((line) => line !== '');
    },
  };
}

const picture: Picture = ({ columns }) => ['one', 'two', '日本'].map((name) => name.padEnd(columns - 4, '.'));

describe('a picture at the bottom of a terminal', () => {
  it.each([
    ['narrower', 18],
    ['wider', 60],
  ])('leaves nothing behind when the terminal becomes %s', async (_, columns) => {
    const terminal = createTerminal(40, 20);
    const screen = createTerminalScreen(terminal.stream, { now: () => 0 });
    screen.show(picture);
    screen.line('a permanent line');
    await terminal.resize(columns, 20);
    const drawn = picture({ columns, rows: 20 });
    expect(await terminal.lines()).toEqual(['a permanent line', ...drawn]);
    screen.line('another one');
    expect(await terminal.lines()).toEqual(['a permanent line', 'another one', ...drawn]);
    screen.hide();
    expect(await terminal.lines()).toEqual(['a permanent line', 'another one']);
  });

  it('is redrawn at once, and no longer after it was removed', async () => {
    const terminal = createTerminal(40, 20);
    const screen = createTerminalScreen(terminal.stream, { now: () => 0 });
    screen.show(({ columns, rows }) => [`${columns}x${rows}`]);
    await terminal.resize(30, 10);
    expect(await terminal.lines()).toEqual(['30x10']);
    screen.hide();
    await terminal.resize(20, 5);
    expect(await terminal.lines()).toEqual([]);
    expect(terminal.stream.listenerCount('resize')).toBe(0);
  });

  it('keeps permanent lines where the terminal cuts instead of wrapping', async () => {
    const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 40, rows: 20 });
    const screen = createTerminalScreen(stream, { now: () => 0, reflows: false });
    screen.show(picture);
    stream.read();
    Object.assign(stream, { columns: 10 });
    stream.emit('resize');
    expect(String(stream.read())).toContain('\u001b[3A');
    screen.hide();
  });

  it('fits a bar into any width', async () => {
    for (const columns of [10, 20, 30, 40, 80]) {
      const terminal = createTerminal(columns, 5);
      const screen = createTerminalScreen(terminal.stream, { now: () => 0 });
      screen.bar('generating output', 0.45);
      screen.line('said');
      const [, bar = '', ...more] = await terminal.lines();
      expect(more).toEqual([]);
      expect(bar).toContain(' 45 %');
      expect(bar.includes('█')).toBe(columns >= 28);
      screen.clearBar();
      expect(await terminal.lines()).toEqual(['said']);
    }
  });
});
