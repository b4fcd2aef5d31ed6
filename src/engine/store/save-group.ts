import { isStoreError } from './store-error.js';

interface PendingSave<Parts> {
  /** Saves, and returns what reports that once the transaction is committed. */
  readonly save: (parts: Parts) => () => void;
  /** It must be physically on the disk. */
  readonly effect: boolean;
  readonly reject: (error: unknown) => void;
}

/** The parts of a store that saves need. */
interface SavingParts {
  together?<Value>(toDisk: boolean, work: () => Value): Value;
}

type Write<Parts> = <Value>(work: (parts: Parts) => Value) => Promise<Value>;

/** Collects the saves of one turn of the event loop. */
export interface SaveGroup<Parts> {
  /** @param effect it must be physically on the disk */
  save<Outcome>(effect: boolean, save: (parts: Parts) => Outcome): Promise<Outcome>;
  /** Writes what is pending now: before any other write, so that writes happen in the order in which they were asked for. */
  flush(): void;
}

/** A refusal concerns one record; anything else that is thrown concerns the whole transaction. */
function saved<Parts>(parts: Parts, { save, reject }: PendingSave<Parts>): () => void {
  try {
    return save(parts);
  } catch (error) {
    if (!isStoreError(error)) throw error;
    return () => reject(error);
  }
}

/**
 * Saves that are asked for in one turn share a transaction: a commit costs as much as writing a record, and hundreds of jobs are
 * closed or resumed at once.
 */
export function createSaveGroup<Parts extends SavingParts>(write: Write<Parts>): SaveGroup<Parts> {
  type Pending = PendingSave<Parts>;
  let pending: Pending[] = [];

  const alone = ({ save, reject }: Pending): void => void write(save).then((report) => report(), reject);

  const together = async (saves: readonly Pending[]): Promise<void> => {
    const toDisk = saves.some(({ effect }) => effect);
    try {
      const reports = await write((parts) => {
        const all = (): readonly (() => void)[] => saves.map((save) => saved(parts, save));
        return parts.together === undefined ? all() : parts.together(toDisk, all);
      });
      for (const report of reports) report();
    } catch (error) {
      const isLocked = isStoreError(error) && error.kind === 'locked';
      // Nothing of the group was written: one record that cannot be written must not hold up the others.
      for (const save of saves) isLocked ? save.reject(error) : alone(save);
    }
  };

  const flush = (): void => {
    const saves = pending;
    pending = [];
    const [first] = saves;
    if (first === undefined) return;
    if (saves.length === 1) alone(first);
    else void together(saves);
  };

  return {
    flush,
    save: (effect, save) =>
      new Promise((resolve, reject) => {
        if (pending.length === 0) queueMicrotask(flush);
        pending.push({
          effect,
          reject,
          save(parts) {
            const outcome = save(parts);
            return () => resolve(outcome);
          },
        });
      }),
  };
}
