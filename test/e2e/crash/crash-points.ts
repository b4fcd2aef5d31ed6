import { subscribe } from 'node:diagnostics_channel';
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

/** What a request is called: jobs have other names each time, and storage signs its URLs. */
const named = (method: unknown, path: unknown): string =>
  `${String(method).toUpperCase()} ${String(path).split('?')[0]}`.replace(/job_\d+/, ':job');

/** Those of the API, which report themselves on channels. */
function watchApi(): void {
  const moments = { create: 'before', bodySent: 'sent', headers: 'reply', trailers: 'read' };
  for (const [channel, moment] of Object.entries(moments)) {
    subscribe(`undici:request:${channel}`, (message) => {
      // Boundary: as undici's documentation has it.
      const { request } = message as { readonly request: { readonly method: string; readonly path: string } };
      point(`${moment} ${named(request.method, request.path)}`);
    });
  }
}

/** The download from storage, which Node itself makes. */
function watchStorage(): void {
  const { request } = http;
  const watched = (...args: Parameters<typeof request>) => {
    // Boundary: what our own program gives.
    const { method, path } = Object(args[0]) as http.RequestOptions;
    const name = named(method, path);
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
  // Nothing of a transaction can be seen before its end: it is one write, with a point before and after its commit.
  let isWithin = false;
  const watched = (sql: string, work: (...args: never[]) => unknown, self: unknown) => {
    const name = sql.trim().split(/\s+/).slice(0, 3).join(' ');
    return (...args: never[]): unknown => {
      const isEnd = sql.startsWith('COMMIT');
      if (!isWithin || isEnd) point(`before ${name}`);
      if (writes === duringWrite) kill?.();
      writes += 1;
      const result = Reflect.apply(work, self, args);
      if (!isWithin || isEnd) point(`after ${name}`);
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
    give(database, 'exec', (sql: string) => {
      const result = IS_WRITE.test(sql) ? watched(sql, () => exec(sql), database)() : exec(sql);
      if (/^(BEGIN|COMMIT|ROLLBACK)/.test(sql)) isWithin = sql.startsWith('BEGIN');
      return result;
    });
    return database;
  };
  const { getBuiltinModule } = process;
  // Where the store looks first, on every release of Node.
  const asked = (name: string) =>
    name === 'node:sqlite' ? { DatabaseSync: openWatched } : getBuiltinModule(name);
  Object.assign(process, { getBuiltinModule: asked });
}

watchApi();
watchStorage();
watchFiles();
await watchStore();
