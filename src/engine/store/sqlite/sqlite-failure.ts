import { isStoreError, StoreError, type StoreErrorKind } from '../store-error.js';

/** Primary result codes of SQLite; extended codes contain them in their low byte. */
const BY_CODE: Readonly<Record<number, StoreErrorKind>> = {
  3: 'read-only', // PERM
  5: 'locked', // BUSY
  6: 'locked', // LOCKED
  8: 'read-only', // READONLY
  11: 'corrupt', // CORRUPT
  13: 'full-disk', // FULL
  15: 'locked', // PROTOCOL: lost too many races for a lock
  26: 'not-a-store', // NOTADB
};

/**
 * Extended codes that are more specific than their primary one: a refused write means a quota or a file-size limit, a short read
 * a truncated file.
 */
const BY_EXTENDED_CODE: Readonly<Record<number, StoreErrorKind>> = {
  522: 'corrupt', // IOERR_SHORT_READ
  778: 'full-disk', // IOERR_WRITE
  1546: 'full-disk', // IOERR_TRUNCATE
  4874: 'full-disk', // IOERR_SHMSIZE
};

/** SQLite's messages, for errors without a code: the package omits it when a read fails. */
const BY_MESSAGE: readonly (readonly [RegExp, StoreErrorKind])[] = [
  [/is locked|locking protocol/, 'locked'],
  [/malformed/, 'corrupt'],
  [/is not a database/, 'not-a-store'],
  [/readonly database|access permission denied/, 'read-only'],
  [/disk is full/, 'full-disk'],
];

const BY_ERRNO: Readonly<Record<string, StoreErrorKind>> = {
  EACCES: 'read-only',
  EPERM: 'read-only',
  EROFS: 'read-only',
  ENOSPC: 'full-disk',
  EDQUOT: 'full-disk',
  EFBIG: 'full-disk',
  EISDIR: 'not-a-store',
  ENOTDIR: 'not-a-store',
  EEXIST: 'not-a-store',
};

const WORDS: Readonly<Partial<Record<StoreErrorKind, string>>> = {
  'full-disk': 'has no room left',
  'read-only': 'cannot be written',
  locked: 'is held by another process',
  corrupt: 'is damaged',
  'not-a-store': 'is not a goal-lane store',
};

/** Converts an error of the driver or the file system to the error for the host. A StoreError is returned unchanged. */
export function sqliteFailure(cause: unknown, path: string): StoreError {
  if (isStoreError(cause)) return cause;
  const kind = kindOf(cause);
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreError(kind, `The store ${path} ${WORDS[kind] ?? 'cannot be used'} (${reason}).`, {
    path,
    cause,
  });
}

function kindOf(cause: unknown): StoreErrorKind {
  if (typeof cause !== 'object' || cause === null) return 'unusable';
  if ('errcode' in cause && typeof cause.errcode === 'number') {
    return BY_EXTENDED_CODE[cause.errcode] ?? BY_CODE[cause.errcode & 0xff] ?? 'unusable';
  }
  if (!('code' in cause) || typeof cause.code !== 'string') return 'unusable';
  if (cause.code === 'ERR_SQLITE_ERROR' && 'message' in cause) return kindOfMessage(String(cause.message));
  return BY_ERRNO[cause.code] ?? 'unusable';
}

const kindOfMessage = (message: string): StoreErrorKind =>
  BY_MESSAGE.find(([words]) => words.test(message))?.[1] ?? 'unusable';
