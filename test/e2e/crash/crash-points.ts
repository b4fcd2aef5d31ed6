import { appendFileSync, promises as fsPromises, writeSync } from 'node:fs';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import {
  loadSqliteDriver,
  type SqliteDatabase,
  type SqliteDriver,
} from '../../../src/engine/store/sqlite/sqlite-driver.js';
import { armKiller } from './kill-during.js';

/**
 * The points at which the process under test may die: before and after each request leaves, each reply arrives, each write of
 * the store and each file is moved. They are named and counted; `CRASH_AT` (`name#2`: the second time) is its end. Set from outside, so that the
 * program itself knows nothing of it.
 */
const { CRASH_AT } = process.env;
const RECORD = process.env.CRASH_RECORD;
/** `n:µs`: dies within the n-th write of the store, so long after it began. */
const [duringWrite, delayUs] = (process.env.CRASH_DURING ?? 'NaN').split(':').map(Number);
const ANNOUNCE_FD = 3;

const passed = new Map<string, number>();
let writes = 0;

function point(name: string): void {
  if (passed.size === 0 && process.env.CRASH_ANNOUNCE !== undefined) writeSync(ANNOUNCE_FD, '.');
  const turn = (passed.get(name) ?? 0) + 1;
  passed.set(name, turn);
  const label = `${name}#${turn}`;
  if (RECORD !== undefined) appendFileSync(RECORD, `${label}\n`);
  if (label === CRASH_AT) process.kill(process.pid, 'SIGKILL');
}

function watchRequests(): void {
  const { request } = http;
  const watched = (...args: Parameters<typeof request>) => {
    const [options] = args;
    const told = (key: string): string => String(Object(options)[key] ?? '').split('?')[0] ?? '';
    const name = `${told('method')} ${told('path')}`.replace(/job_\d+/, ':job');
    point(`before ${name}`);
    const sent = Reflect.apply(request, http, args);
    sent.prependListener('finish', () => point(`sent ${name}`));
    sent.prependListener('response', (reply: http.IncomingMessage) => {
      point(`reply ${name}`);
      reply.on('end', () => point(`read ${name}`));
    });
    return sent;
  };
  // Boundary: an overloaded function in the place of another of the same calls.
  http.request = watched as typeof request;
}

function watchFiles(): void {
  for (const name of ['link', 'rename', 'rm'] as const) {
    const real: (...args: never[]) => Promise<void> = fsPromises[name];
    const watched = async (...args: never[]): Promise<void> => {
      point(`before ${name}`);
      await Reflect.apply(real, fsPromises, args);
      point(`after ${name}`);
    };
    Object.assign(fsPromises, { [name]: watched });
  }
  syncBuiltinESMExports();
}

const IS_WRITE = /^\s*(INSERT|UPDATE|DELETE|COMMIT)/i;

async function watchStore(): Promise<void> {
  const Driver = await loadSqliteDriver('the store');
  const kill = Number.isNaN(duringWrite) || duringWrite === undefined ? undefined : armKiller(delayUs ?? 0);
  const watched = (sql: string, work: (...args: never[]) => unknown, self: unknown) => {
    const name = sql.trim().split(/\s+/).slice(0, 3).join(' ');
    return (...args: never[]): unknown => {
      point(`before ${name}`);
      if (writes === duringWrite) kill?.();
      writes += 1;
      const result = Reflect.apply(work, self, args);
      point(`after ${name}`);
      return result;
    };
  };
  // What the package gives its classes cannot be replaced there: each object gets its own.
  const give = (to: object, name: string, value: unknown): void => {
    Object.defineProperty(to, name, { value });
  };
  const openWatched = function openWatched(...args: ConstructorParameters<SqliteDriver>): SqliteDatabase {
    const database = new Driver(...args);
    const prepare = database.prepare.bind(database);
    const exec = database.exec.bind(database);
    give(database, 'prepare', (sql: string) => {
      const statement = prepare(sql);
      if (IS_WRITE.test(sql)) give(statement, 'run', watched(sql, statement.run, statement));
      return statement;
    });
    give(database, 'exec', (sql: string) =>
      IS_WRITE.test(sql) ? watched(sql, () => exec(sql), database)() : exec(sql),
    );
    return database;
  };
  const { getBuiltinModule } = process;
  // Where the store looks first, on every release of Node.
  const asked = (name: string) =>
    name === 'node:sqlite' ? { DatabaseSync: openWatched } : getBuiltinModule(name);
  Object.assign(process, { getBuiltinModule: asked });
}

watchRequests();
watchFiles();
await watchStore();
