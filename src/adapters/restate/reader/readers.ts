import type { KeyTools } from '../key-tools.js';
import type { SyncAnswer } from '../messages.js';
import { createKeyReader, type KeyReader } from './key-reader.js';
import type { RecentReads } from './read-times.js';
import type { ReadingUpdate } from './update-queue.js';

/** One shift of this process as the reader of a key. */
export interface Shift {
  /** This process also ran the last shift, and still knows which jobs wait. */
  readonly goesOn: boolean;
  size(): number;
  /** Time in ms from now during which nothing may be sent; 0 if no limit is closed. */
  shutMs(): number;
  apply(sync: SyncAnswer): void;
  /** New readings, and whether the shift has ended early. */
  collect(ms: number): Promise<{ readonly updates: readonly ReadingUpdate[]; readonly isOver: boolean }>;
  /** No read leaves after this; how long ago (ms) each job was read that may not be read again yet. Undefined where that is not known. */
  close(): RecentReads | undefined;
  end(): void;
}

export interface ShiftToBegin {
  readonly shiftId: string;
  /** The last shift; if it was another process's, nothing is read for 2 s. */
  readonly before: string | undefined;
  /** Aborted when the engine no longer listens to this process. */
  readonly attempt: AbortSignal;
  /** How long (ms) a limit is closed, according to another process. */
  readonly shutMs: number;
  /** Of a last shift that was closed in order: only these jobs must wait. */
  readonly recent: RecentReads | undefined;
}

/** The readers of the keys in this process: what they have learned outlives a shift. */
export interface Readers {
  begin(keyId: string, shift: ShiftToBegin): Promise<Shift>;
}

/** A reader without a next shift drops its jobs after this time. */
const IDLE_MS = 5_000;
/** Without a word of the engine for so long, a shift is one that it has forgotten. */
const FORGOTTEN_MS = 60_000;

/** One attempt of the engine at a shift. */
interface Attempt {
  isOver: boolean;
}

interface Kept {
  readonly tools: KeyTools;
  readonly reader: KeyReader;
  shiftId: string | undefined;
  /** The attempt that holds the reader: the end of any earlier one, which may be noticed late, no longer concerns it. */
  attempt: Attempt | undefined;
  idle: NodeJS.Timeout | undefined;
}

/** Nothing is read for an attempt that the engine has given up. */
function endAttempt(mine: Kept, own: Attempt): void {
  if (own.isOver) return;
  own.isOver = true;
  mine.attempt = undefined;
  mine.shiftId = undefined;
  mine.reader.stop();
}

function beginAt(mine: Kept, { shiftId, before, attempt, shutMs, recent }: ShiftToBegin): Shift {
  const { reader, tools } = mine;
  clearTimeout(mine.idle);
  const own: Attempt = { isOver: false };
  if (mine.attempt !== undefined) mine.attempt.isOver = true;
  mine.attempt = own;
  // If it is unknown who read last, another process may have.
  const goesOn = mine.shiftId !== undefined && mine.shiftId === before;
  mine.shiftId = shiftId;
  reader.open(goesOn ? undefined : { shutMs, recent });
  const giveUp = (): void => endAttempt(mine, own);
  const forgotten = setTimeout(giveUp, FORGOTTEN_MS);
  forgotten.unref();
  if (attempt.aborted) giveUp();
  else attempt.addEventListener('abort', giveUp, { once: true });
  return {
    goesOn,
    size: () => reader.size,
    shutMs: () => reader.shutMs(tools.clock.now()),
    apply(sync) {
      if (!own.isOver) reader.apply(sync);
    },
    async collect(ms) {
      if (own.isOver) return { updates: [], isOver: true };
      // The engine has journaled the round before this one: it listens.
      forgotten.refresh();
      const updates = await reader.collect(ms);
      return { updates: own.isOver ? [] : updates, isOver: own.isOver };
    },
    close() {
      if (own.isOver) return undefined;
      reader.pause();
      return reader.recent();
    },
    end() {
      attempt.removeEventListener('abort', giveUp);
      clearTimeout(forgotten);
      if (own.isOver) return;
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
      const made: Kept = {
        tools,
        reader: createKeyReader(tools),
        shiftId: undefined,
        attempt: undefined,
        idle: undefined,
      };
      kept.set(keyId, made);
      return beginAt(made, shift);
    },
  };
}
