import type { SaveOptions, SaveOutcome } from './job-store.js';
import type { JobRecord } from './record/job-record.js';
import { isStoreError } from './store-error.js';

interface PendingSave {
  readonly record: JobRecord;
  readonly options: SaveOptions;
  readonly resolve: (outcome: SaveOutcome) => void;
  readonly reject: (error: unknown) => void;
}

type Result = { readonly outcome: SaveOutcome } | { readonly error: unknown };

/** The parts of a store that saves need. */
interface SavingParts {
  readonly jobs: { save(record: JobRecord, options: SaveOptions): SaveOutcome };
  together?<Value>(toDisk: boolean, work: () => Value): Value;
}

type Write = <Value>(work: (parts: SavingParts) => Value) => Promise<Value>;

/** Collects the saves of one turn of the event loop. */
export interface SaveGroup {
  save(record: JobRecord, options: SaveOptions): Promise<SaveOutcome>;
  /** Writes what is pending now: before any other write, so that writes happen in the order in which they were asked for. */
  flush(): void;
}

/** A refusal concerns one record; anything else that is thrown concerns the whole transaction. */
function resultOf({ jobs }: SavingParts, { record, options }: PendingSave): Result {
  try {
    return { outcome: jobs.save(record, options) };
  } catch (error) {
    if (!isStoreError(error)) throw error;
    return { error };
  }
}

/**
 * Saves that are asked for in one turn share a transaction: a commit costs as much as writing a record, and hundreds of jobs are
 * closed or resumed at once.
 */
export function createSaveGroup(write: Write): SaveGroup {
  let pending: PendingSave[] = [];

  const alone = (save: PendingSave): void =>
    void write(({ jobs }) => jobs.save(save.record, save.options)).then(save.resolve, save.reject);

  const together = async (saves: readonly PendingSave[]): Promise<void> => {
    const toDisk = saves.some(({ options }) => options.effect);
    try {
      const results = await write((parts) => {
        const all = (): readonly Result[] => saves.map((save) => resultOf(parts, save));
        return parts.together === undefined ? all() : parts.together(toDisk, all);
      });
      results.forEach((result, at) => {
        if ('error' in result) saves[at]?.reject(result.error);
        else saves[at]?.resolve(result.outcome);
      });
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
    save: (record, options) =>
      new Promise((resolve, reject) => {
        if (pending.length === 0) queueMicrotask(flush);
        pending.push({ record, options, resolve, reject });
      }),
  };
}
