import { StoreError } from '../store-error.js';

/** Values that can be bound to a statement here. */
export type SqliteValue = string | number | null | Uint8Array;

export interface SqliteStatement {
  all(...values: SqliteValue[]): unknown[];
  get(...values: SqliteValue[]): unknown;
  run(...values: SqliteValue[]): { readonly changes: number | bigint };
}

/** The part of `node:sqlite` that a store needs. */
export interface SqliteDatabase {
  exec(sql: string): void;
  prepare(sql: string): SqliteStatement;
  close(): void;
}

/** `location` is a path or a `file:` URI. */
export type SqliteDriver = new (
  location: string,
  options?: { readonly readOnly?: boolean },
) => SqliteDatabase;

/**
 * Loads a driver when a file is opened: the runtime's own if it has one (Node 22.13 and later), else the package with the same
 * code as a native binary, which machines without a store do not need.
 * @throws StoreError `unusable`
 */
export async function loadSqliteDriver(path: string): Promise<SqliteDriver> {
  const own = runtimeDriver();
  if (own !== undefined) return own;
  try {
    return (await import('@photostructure/sqlite')).DatabaseSync;
  } catch (cause) {
    const [reason] = String(cause instanceof Error ? cause.message : cause).split('\n');
    throw new StoreError(
      'unusable',
      `The store ${path} has no driver here: @photostructure/sqlite does not load (${reason}).`,
      {
        path,
        cause,
        advice:
          'Use Node 22.13 or later, which needs none, or install again on this machine, or do without a file (:memory:).',
      },
    );
  }
}

function runtimeDriver(): SqliteDriver | undefined {
  const found = withoutExperimentalWarning(() => {
    try {
      // Older releases of Node have neither the function nor the module.
      return process.getBuiltinModule?.('node:sqlite');
    } catch {
      return undefined;
    }
  });
  const hasClass = typeof found === 'object' && found !== null && 'DatabaseSync' in found;
  // Boundary: the types of Node 20 do not include the module; the package copies its class.
  return hasClass ? (found.DatabaseSync as SqliteDriver) : undefined;
}

/** The module is marked experimental in Node 22, which users of a job cannot change. */
function withoutExperimentalWarning<Result>(load: () => Result): Result {
  const { emitWarning } = process;
  const others = (warning: string | Error, ...more: unknown[]): void => {
    if (String(warning).includes('SQLite is an experimental feature')) return;
    Reflect.apply(emitWarning, process, [warning, ...more]);
  };
  process.emitWarning = others;
  try {
    return load();
  } finally {
    process.emitWarning = emitWarning;
  }
}
