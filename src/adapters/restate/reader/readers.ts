import type { KeyTools } from '../key-tools.js';
import type { SyncAnswer } from '../messages.js';
import { createKeyReader, type KeyReader, type News } from './key-reader.js';

/** One shift of this process as the reader of a key. */
export interface Shift {
  /** The process has held the last shift as well, and holds what it knew of who waits. */
  readonly goesOn: boolean;
  size(): number;
  /** For so many ms from now nothing may be sent; 0: no limit is shut. */
  shutMs(): number;
  apply(sync: SyncAnswer): void;
  /** News, and whether the shift is over before its time. */
  collect(ms: number): Promise<{ readonly news: readonly News[]; readonly isOver: boolean }>;
  /** No read leaves after this. */
  end(): void;
}

export interface ShiftToBegin {
  readonly shiftId: string;
  /** The shift that was last; where that was not this process's, nothing is read for 2 s. */
  readonly before: string | undefined;
  /** Aborted when the engine does not count on this process any more. */
  readonly attempt: AbortSignal;
  /** For so long (ms) a limit is shut, as another process was told. */
  readonly shutMs: number;
}

/** The readers of the keys in this process: what they have learned outlives a shift. */
export interface Readers {
  begin(keyId: string, shift: ShiftToBegin): Promise<Shift>;
}

/** A reader that gets no next shift gives up what it has in hand. */
const IDLE_MS = 5_000;
/** A shift that the engine has forgotten reads no longer than this. */
const LONGEST_MS = 60_000;

interface Kept {
  readonly tools: KeyTools;
  readonly reader: KeyReader;
  shiftId: string | undefined;
  idle: NodeJS.Timeout | undefined;
}

function beginAt(mine: Kept, { shiftId, before, attempt, shutMs }: ShiftToBegin): Shift {
  const { reader, tools } = mine;
  clearTimeout(mine.idle);
  let isOver = false;
  // Where it is not known who read last, somebody else may have.
  const goesOn = mine.shiftId !== undefined && mine.shiftId === before;
  mine.shiftId = shiftId;
  reader.open(goesOn ? undefined : { shutMs });
  const giveUp = (): void => {
    if (mine.shiftId !== shiftId) return;
    isOver = true;
    mine.shiftId = undefined;
    reader.stop();
  };
  const longest = setTimeout(giveUp, LONGEST_MS);
  longest.unref();
  if (attempt.aborted) giveUp();
  else attempt.addEventListener('abort', giveUp, { once: true });
  return {
    goesOn,
    size: () => reader.size,
    shutMs: () => reader.shutMs(tools.clock.now()),
    apply(sync) {
      if (!isOver) reader.apply(sync);
    },
    async collect(ms) {
      if (isOver) return { news: [], isOver };
      const news = await reader.collect(ms);
      return { news: isOver ? [] : news, isOver };
    },
    end() {
      attempt.removeEventListener('abort', giveUp);
      clearTimeout(longest);
      if (isOver) return;
      reader.pause();
      mine.idle = setTimeout(giveUp, IDLE_MS);
      mine.idle.unref();
    },
  };
}

export function createReaders(toolsOf: (keyId: string) => Promise<KeyTools>): Readers {
  const kept = new Map<string, Kept>();
  return {
    async begin(keyId, shift) {
      const tools = await toolsOf(keyId);
      const known = kept.get(keyId);
      if (known?.tools === tools) return beginAt(known, shift);
      known?.reader.stop();
      const made: Kept = { tools, reader: createKeyReader(tools), shiftId: undefined, idle: undefined };
      kept.set(keyId, made);
      return beginAt(made, shift);
    },
  };
}
