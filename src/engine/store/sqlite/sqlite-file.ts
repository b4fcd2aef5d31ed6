import { rmSync } from 'node:fs';
import type { StoreMove } from '../job-store.js';
import type { IsGone } from '../lease/job-lease.js';
import { createLeaseMemory, type LeaseMemory } from '../lease/lease-memory.js';
import { createRecordCodec, type RecordCodecOptions } from '../record/record-codec.js';
import type { StoreHost, StoreParts } from '../store-from-parts.js';
import { separateFromLog } from './overwritten-file.js';
import { createPatientTurns } from './patient-turns.js';
import {
  openSqliteConnection,
  type SqliteConnection,
  type SqliteConnectionOptions,
  type Whereabouts,
} from './sqlite-connection.js';
import { sqliteFailure } from './sqlite-failure.js';
import { createSqliteHistory } from './sqlite-history.js';
import { createSqliteJobs } from './sqlite-jobs.js';
import { createSqliteLanes } from './sqlite-lanes.js';
import { createSqliteLeases, type SqliteLeases } from './sqlite-leases.js';

export interface SqliteFileOptions extends SqliteConnectionOptions, RecordCodecOptions {
  readonly isGone: IsGone;
  /** Called when another file has replaced the open one and is in use; our leases are valid there again. */
  readonly onMove: (move: StoreMove) => void;
}

interface OpenFile {
  readonly connection: SqliteConnection;
  readonly leases: SqliteLeases;
  readonly parts: StoreParts;
}

async function openFile(options: SqliteFileOptions, held: LeaseMemory): Promise<OpenFile> {
  const connection = await openSqliteConnection(options);
  try {
    const leases = createSqliteLeases(connection, options.isGone);
    const jobs = createSqliteJobs(connection, leases, createRecordCodec(options));
    const parts = {
      jobs,
      leases: remembered(leases, held),
      lanes: createSqliteLanes(connection),
      history: createSqliteHistory(connection),
      together: <Result>(toDisk: boolean, work: () => Result) => connection.inTransaction(work, toDisk),
      version: () => connection.readPragma('data_version'),
    };
    return { connection, leases, parts };
  } catch (cause) {
    // A table or a column is missing.
    connection.close();
    throw sqliteFailure(cause, connection.path);
  }
}

/** What a move is called: a file that was emptied has lost its jobs, another store in its place has others. */
const HOW = {
  removed: 'removed',
  emptied: 'removed',
  replaced: 'replaced',
  overwritten: 'replaced',
} as const satisfies Readonly<Record<Exclude<Whereabouts, 'in-place'>, StoreMove['how']>>;

/** Records granted leases, in case the file is replaced. */
function remembered(leases: SqliteLeases, held: LeaseMemory): StoreParts['leases'] {
  return {
    all: leases.all,
    of: leases.of,
    acquire(jobIds, claim) {
      const answers = leases.acquire(jobIds, claim);
      held.learn(answers);
      return answers;
    },
    renew: (claim) => held.renewed(claim, leases.renew(claim)),
    release(lease) {
      held.forget(lease);
      leases.release(lease);
    },
    releaseOwner(owner) {
      held.forgetOwner(owner);
      return leases.releaseOwner(owner);
    },
  };
}

/**
 * One store file, kept open. Before each use it checks that the path still refers to it: a removed file is created again, a
 * replaced one is closed and the new one opened.
 * @throws StoreError
 */
export async function openSqliteFile(options: SqliteFileOptions): Promise<StoreHost> {
  const held = createLeaseMemory();
  let file: OpenFile | undefined = await openFile(options, held);
  let move: StoreMove | undefined;
  let following: Promise<void> | undefined;
  const { path } = file.connection;

  const follow = async (): Promise<void> => {
    const whereabouts = file?.connection.whereabouts() ?? 'replaced';
    if (whereabouts !== 'in-place') {
      move ??= { path, how: HOW[whereabouts] };
      if (whereabouts === 'overwritten') separateFromLog(path);
      file?.connection.close();
      file = undefined;
      // Another file takes its place, so that other processes notice, too: they still have the log of the emptied one.
      if (whereabouts === 'emptied') rmSync(path, { force: true });
      file = await openFile(options, held);
    }
    if (file === undefined || move === undefined) return;
    const leases = held.all();
    file.leases.adopt(leases);
    const { how } = move;
    move = undefined;
    if (leases.length > 0) options.onMove({ path, how });
  };
  const ready = (): Promise<void> | undefined => {
    if (file?.connection.whereabouts() === 'in-place' && move === undefined) return undefined;
    following ??= follow().finally(() => {
      following = undefined;
    });
    return following;
  };
  const turns = createPatientTurns({
    timeoutMs: options.busyTimeoutMs,
    isLocked: (cause) => sqliteFailure(cause, path).kind === 'locked',
    ready,
  });
  const inParts =
    <Result>(work: (parts: StoreParts) => Result) =>
    (): Result => {
      if (file === undefined) throw new Error('The file is not open.');
      return work(file.parts);
    };

  return {
    read: (work) => turns.read(inParts(work)),
    write: (work) => turns.write(inParts(work)),
    async close() {
      await turns.idle();
      file?.connection.close();
    },
    explain: (cause) => sqliteFailure(cause, path),
  };
}
