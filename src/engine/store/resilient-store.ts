import { guardedCall } from '../../services/guarded-call.js';
import type { JobStore, SaveOptions, SaveOutcome } from './job-store.js';
import { createLeaseMemory, type LeaseMemory } from './lease/lease-memory.js';
import type { JobRecord } from './record/job-record.js';
import { isStoreError, type StoreError, type StoreErrorKind } from './store-error.js';

/** Something could not be stored; the job continues. */
export interface StoreWarning {
  readonly operation: 'save' | 'saveLane' | 'renewLeases' | 'releaseLease' | 'releaseOwner' | 'close';
  readonly jobId?: string;
  /** Its `message` describes the problem, its `advice` what to do. */
  readonly error: StoreError;
}

export interface ResilientStoreOptions {
  /** Called each time: a crash from now on loses what is not stored. */
  readonly onWarning: (warning: StoreWarning) => void;
  /**
   * What to do if a record that announces an effect cannot be stored. `refuse` rejects the save, so the effect must not be sent;
   * `go-on` warns and resolves with `unsaved`. Default: refuse while there is no `jobSpecId`, because the effect may be the
   * create, and a create that no store knows of could be sent twice. Afterwards continue, because the server knows the job and
   * every later call can be read back from it.
   */
  readonly onUnsavedEffect?: ((record: JobRecord, error: StoreError) => 'refuse' | 'go-on') | undefined;
}

/** Errors of the disk. For all others, continuing would be wrong (another owner) or leak the key. */
const OF_THE_DISK: ReadonlySet<StoreErrorKind> = new Set([
  'full-disk',
  'read-only',
  'locked',
  'corrupt',
  'not-a-store',
  'unusable',
]);

/** A store with which a running job can finish although the disk fails. Reads still reject. */
export function createResilientStore(store: JobStore, options: ResilientStoreOptions): JobStore {
  const { onUnsavedEffect = refuseBeforeCreate } = options;
  const tolerate = createTolerance(options.onWarning);
  const memory = createLeaseMemory();
  return {
    ...store,
    save: (record: JobRecord, saveOptions: SaveOptions) =>
      tolerate<SaveOutcome>(
        { operation: 'save', jobId: record.id },
        () => store.save(record, saveOptions),
        (error) => {
          if (saveOptions.effect && onUnsavedEffect(record, error) === 'refuse') throw error;
          return 'unsaved';
        },
      ),
    ...(store.amend === undefined ? {} : { amend: tolerantAmend(store.amend) }),
    saveLane: (keyLabel, lane) =>
      tolerate<SaveOutcome>(
        { operation: 'saveLane' },
        () => store.saveLane(keyLabel, lane),
        () => 'unsaved',
      ),
    close: () => tolerate({ operation: 'close' }, () => store.close(), ignore),
    ...tolerantLeases(store, tolerate, memory),
  };
}

const isOfTheDisk = (error: unknown): error is StoreError =>
  isStoreError(error) && OF_THE_DISK.has(error.kind);

/** What was not amended is saved as a whole: a failure of the disk is reported there. */
const tolerantAmend =
  (amend: NonNullable<JobStore['amend']>): NonNullable<JobStore['amend']> =>
  async (...args) => {
    try {
      return await amend(...args);
    } catch (error) {
      if (!isOfTheDisk(error)) throw error;
      return 'impossible';
    }
  };

type Tolerate = ReturnType<typeof createTolerance>;

function createTolerance(onWarning: ResilientStoreOptions['onWarning']) {
  return async <Result>(
    warning: Omit<StoreWarning, 'error'>,
    work: () => Promise<Result>,
    otherwise: (error: StoreError) => Result,
  ): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      if (!isOfTheDisk(error)) throw error;
      const result = otherwise(error);
      // Errors of the host's listener must not stop the job.
      guardedCall(
        () => onWarning({ ...warning, error }),
        () => undefined,
      );
      return result;
    }
  };
}

type LeaseFunctions = Pick<
  JobStore,
  'acquireLease' | 'acquireLeases' | 'renewLeases' | 'releaseLease' | 'releaseOwner'
>;

/** Acquiring a job still rejects: without a stored lease, two processes could drive it. */
function tolerantLeases(store: JobStore, tolerate: Tolerate, memory: LeaseMemory): LeaseFunctions {
  return {
    async acquireLease(jobId, claim) {
      const answer = await store.acquireLease(jobId, claim);
      memory.learn([answer]);
      return answer;
    },
    async acquireLeases(jobIds, claim) {
      const answers = await store.acquireLeases(jobIds, claim);
      memory.learn(answers);
      return answers;
    },
    renewLeases: (claim) =>
      tolerate(
        { operation: 'renewLeases' },
        async () => memory.renewed(claim, await store.renewLeases(claim)),
        // Not known to be lost. If another owner takes one over, the next save is refused.
        () => memory.of(claim.owner),
      ),
    releaseLease(lease) {
      memory.forget(lease);
      return tolerate(
        { operation: 'releaseLease', jobId: lease.jobId },
        () => store.releaseLease(lease),
        ignore,
      );
    },
    releaseOwner(owner) {
      memory.forgetOwner(owner);
      return tolerate({ operation: 'releaseOwner' }, () => store.releaseOwner(owner), ignore);
    },
  };
}

function refuseBeforeCreate(record: JobRecord): 'refuse' | 'go-on' {
  return record.jobSpecId === undefined ? 'refuse' : 'go-on';
}

function ignore(): void {}
