import { appendFileSync, promises as fsPromises, writeSync } from 'node:fs';
import http from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import Database from 'libsql';
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

function watchStore(): void {
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
  const { prepare, exec } = Database.prototype;
  const prepareWatched = function prepareWatched(this: unknown, sql: string) {
    const statement = Reflect.apply(prepare, this, [sql]);
    return IS_WRITE.test(sql)
      ? Object.assign(statement, { run: watched(sql, statement.run, statement) })
      : statement;
  };
  const execWatched = function execWatched(this: unknown, sql: string) {
    const run = (): unknown => Reflect.apply(exec, this, [sql]);
    if (IS_WRITE.test(sql)) watched(sql, run, this)();
    else run();
    return this;
  };
  Object.assign(Database.prototype, { prepare: prepareWatched, exec: execWatched });
}

watchRequests();
watchFiles();
watchStore();
