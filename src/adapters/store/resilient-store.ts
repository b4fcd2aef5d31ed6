import type { Lease, LeaseClaim } from './job-lease.js';
import type { JobRecord } from './job-record.js';
import type { JobStore, SaveOptions, SaveOutcome } from './job-store.js';
import { isStoreError, type StoreError, type StoreErrorKind } from './store-error.js';

/** Something that could not be stored while the job goes on. */
export interface StoreWarning {
  readonly operation: 'save' | 'saveLane' | 'renewLeases' | 'releaseLease' | 'releaseOwner' | 'close';
  readonly jobId?: string;
  /** Its `message` says what is wrong, its `advice` what to do. */
  readonly error: StoreError;
}

export interface ResilientStoreOptions {
  /** Told each time, loudly: a crash from now on loses what is not stored. */
  readonly onWarning: (warning: StoreWarning) => void;
  /**
   * What to do when a record that announces an effect cannot be stored. `refuse` rejects the save, so the effect must not be
   * sent; `go-on` warns and resolves with `unsaved`. Default: refuse while there is no `jobSpecId`, for then the effect may be
   * the create, and a create that no store knows of could be sent twice; go on afterwards, for the server knows the job and
   * every later call can be read back from it.
   */
  readonly onUnsavedEffect?: (record: JobRecord, error: StoreError) => 'refuse' | 'go-on';
}

/** Refusals of the disk. All others mean that going on would be wrong (another owner) or leak (the key). */
const OF_THE_DISK: ReadonlySet<StoreErrorKind> = new Set([
  'full-disk',
  'read-only',
  'locked',
  'corrupt',
  'not-a-store',
  'unusable',
]);

/** A store under which a running job still finishes when the disk does not play along. Reading still rejects. */
export function createResilientStore(store: JobStore, options: ResilientStoreOptions): JobStore {
  const { onWarning, onUnsavedEffect = refuseBeforeCreate } = options;
  const held = new Map<string, Lease>();

  const warn = (warning: StoreWarning) => {
    try {
      onWarning(warning);
    } catch {
      // A host that fails to listen must not stop the job that the warning is about.
    }
  };

  const tolerate = async <Result>(
    warning: Omit<StoreWarning, 'error'>,
    work: () => Promise<Result>,
    otherwise: (error: StoreError) => Result,
  ): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      if (!isStoreError(error) || !OF_THE_DISK.has(error.kind)) throw error;
      const result = otherwise(error);
      warn({ ...warning, error });
      return result;
    }
  };

  const save = (record: JobRecord, saveOptions: SaveOptions) =>
    tolerate<SaveOutcome>(
      { operation: 'save', jobId: record.id },
      () => store.save(record, saveOptions),
      (error) => {
        if (saveOptions.effect && onUnsavedEffect(record, error) === 'refuse') throw error;
        return 'unsaved';
      },
    );

  const remember = (leases: readonly Lease[]) => {
    for (const lease of leases) held.set(lease.jobId, lease);
  };
  const forget = (owned: (lease: Lease) => boolean) => {
    for (const lease of [...held.values()]) if (owned(lease)) held.delete(lease.jobId);
  };

  return {
    ...store,
    save,
    async acquireLease(jobId, claim) {
      const answer = await store.acquireLease(jobId, claim);
      if (answer.acquired) remember([answer.lease]);
      return answer;
    },
    async acquireLeases(jobIds, claim) {
      const answers = await store.acquireLeases(jobIds, claim);
      remember(answers.flatMap((answer) => (answer.acquired ? [answer.lease] : [])));
      return answers;
    },
    renewLeases: (claim: LeaseClaim) =>
      tolerate<readonly Lease[]>(
        { operation: 'renewLeases' },
        async () => {
          const renewed = await store.renewLeases(claim);
          forget((lease) => lease.owner.id === claim.owner.id);
          remember(renewed);
          return renewed;
        },
        // Not known to be lost; should another owner take one over, the next save is refused.
        () => [...held.values()].filter((lease) => lease.owner.id === claim.owner.id),
      ),
    releaseLease(lease) {
      forget((mine) => mine.jobId === lease.jobId && mine.token === lease.token);
      return tolerate(
        { operation: 'releaseLease', jobId: lease.jobId },
        () => store.releaseLease(lease),
        () => undefined,
      );
    },
    releaseOwner(owner) {
      forget((mine) => mine.owner.id === owner.id);
      return tolerate(
        { operation: 'releaseOwner' },
        () => store.releaseOwner(owner),
        () => undefined,
      );
    },
    saveLane: (keyLabel, lane) =>
      tolerate<SaveOutcome>(
        { operation: 'saveLane' },
        () => store.saveLane(keyLabel, lane),
        () => 'unsaved',
      ),
    close: () =>
      tolerate(
        { operation: 'close' },
        () => store.close(),
        () => undefined,
      ),
  };
}

function refuseBeforeCreate(record: JobRecord): 'refuse' | 'go-on' {
  return record.jobSpecId === undefined ? 'refuse' : 'go-on';
}
