import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** One input, and what has to come of it. */
export interface SharedCase {
  /** Folder and variant. */
  readonly name: string;
  /** Rejects where something else comes of it. `dir`: an empty folder of its own. */
  readonly play: (dir: string) => Promise<void>;
}

async function play({ play: work }: SharedCase): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'goal-lane-case-'));
  try {
    await work(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Plays many, some at once: most of them wait most of the time. */
export function playAll(cases: readonly SharedCase[], atOnce: number): ReadonlyMap<string, Promise<unknown>> {
  let free = atOnce;
  const queue: (() => void)[] = [];
  const turn = (): Promise<void> =>
    free-- > 0 ? Promise.resolve() : new Promise((resolve) => queue.push(resolve));
  const done = (): void => {
    free += 1;
    queue.shift()?.();
  };
  const settled = async (shared: SharedCase): Promise<unknown> => {
    await turn();
    try {
      await play(shared);
      return undefined;
    } catch (error) {
      return error;
    } finally {
      done();
    }
  };
  return new Map(cases.map((shared) => [shared.name, settled(shared)]));
}
