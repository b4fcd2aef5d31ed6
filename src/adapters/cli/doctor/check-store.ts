import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { storedPages } from '../../../engine/durable/stored-pages.js';
import { defaultStorePath } from '../../../engine/store/default-store-path.js';
import {
  isStoreError,
  type JobPage,
  type JobStore,
  openJobStore,
  StoreError,
} from '../../../engine/store/index.js';
import type { Lease } from '../../../engine/store/lease/job-lease.js';
import { SCHEMA_STEPS } from '../../../engine/store/sqlite/sqlite-schema.js';
import { defined } from '../../../services/defined.js';
import type { CliIo } from '../cli-io.js';
import type { CommonFlags } from '../flags/flags.js';
import { storeAskedFor } from '../jobs/open-store.js';
import { errorReport } from '../say/error-report.js';
import { folderState, hasLittleSpace, spaceInWords } from './disk.js';
import { processesLocking } from './file-locks.js';
import { type Finding, ok, warning, wrong } from './finding.js';

const times = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

/** The processes that drive jobs of this store: `process 4711 drives 2 jobs`. */
function driversInWords(leases: readonly Lease[]): string {
  const jobsOf = new Map<string, number>();
  for (const { owner } of leases) {
    const name = `process ${owner.pid} on ${owner.host}`;
    jobsOf.set(name, (jobsOf.get(name) ?? 0) + 1);
  }
  return [...jobsOf].map(([name, jobs]) => `, ${name} drives ${times(jobs, 'job')}`).join('');
}

const lockedBy = async (path: string): Promise<string> => {
  const holders = await processesLocking([path, `${path}-wal`, `${path}-shm`]);
  return holders.length === 0 ? '' : ` (open in process ${holders.join(', ')})`;
};

async function modeInWords(path: string): Promise<string> {
  if (process.getuid === undefined) return '';
  return `, mode ${((await stat(path)).mode & 0o777).toString(8).padStart(4, '0')}`;
}

/** Every job is read and checked; none is kept in memory. */
async function lookAtAll(store: JobStore) {
  const unreadable: JobPage['unreadable'][number][] = [];
  let count = 0;
  for await (const page of storedPages(store)) {
    count += page.jobs.length;
    unreadable.push(...page.unreadable);
  }
  return { count, unreadable };
}

/** Opens the store like every command, which upgrades its schema and makes it private; no job is changed. */
async function checkFile(path: string, isAsked: boolean): Promise<Finding> {
  const folder = await folderState(dirname(path));
  try {
    const store = await openJobStore(defined({ path: isAsked ? path : undefined }));
    try {
      const { count, unreadable } = await lookAtAll(store);
      const drivers = driversInWords(await store.leases());
      const facts = `${path}: ${times(count, 'job')}, schema ${SCHEMA_STEPS.length}${await modeInWords(path)}${spaceInWords(folder)}${drivers}`;
      if (unreadable.length > 0) {
        const names = unreadable.map(({ id, error }) => `${id} (${error.message})`).join('; ');
        const cure = 'goal-lane jobs says what each needs; no other job is touched by them.';
        return warning(
          'store',
          `${facts}; ${times(unreadable.length, 'job')} cannot be read: ${names}`,
          cure,
        );
      }
      if (!hasLittleSpace(folder)) return ok('store', facts);
      return warning(
        'store',
        facts,
        'Free some space: the store cannot grow, and a job could lose its place.',
      );
    } finally {
      await store.close();
    }
  } catch (error) {
    if (!isStoreError(error)) throw error;
    return refusedStore(error, path, isAsked);
  }
}

/** A store that was requested must work; without the default one a job still runs. */
async function refusedStore(error: StoreError, path: string, isAsked: boolean): Promise<Finding> {
  const text = `${error.message}${error.kind === 'locked' ? await lockedBy(path) : ''}`;
  if (!isAsked)
    return warning('store', `${text} A job runs without it, and a crash loses its place.`, error.advice);
  return wrong('store', text, error.advice, errorReport(error).exitCode);
}

async function checkAbsentFile(path: string, isAsked: boolean): Promise<Finding> {
  const state = await folderState(dirname(path));
  if (state.isFolder && state.isWritable)
    return ok('store', `${path} will be made with the first job${spaceInWords(state)}`);
  const text = state.isFolder
    ? `No permission to write to the folder ${state.path}, where ${path} would be made.`
    : `${state.path}, where ${path} would be made, is not a folder.`;
  const kind = state.isFolder ? 'read-only' : 'unusable';
  return refusedStore(new StoreError(kind, text, { path }), path, isAsked);
}

/** Checks whether jobs outlive their process. */
export async function checkStore(io: CliIo, flags: CommonFlags): Promise<Finding> {
  let asked: string | undefined;
  try {
    asked = storeAskedFor(io, flags);
  } catch (error) {
    const { message, advice, exitCode } = errorReport(error);
    return wrong('store', message, advice, exitCode);
  }
  if (asked === ':memory:') {
    const cure = 'Leave out --store :memory: (or GOAL_LANE_STORE) to keep jobs in a file.';
    return warning('store', 'in memory only: a job cannot be resumed once its process has ended', cure);
  }
  const path = resolve(asked ?? defaultStorePath());
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  return isThere ? checkFile(path, asked !== undefined) : checkAbsentFile(path, asked !== undefined);
}
