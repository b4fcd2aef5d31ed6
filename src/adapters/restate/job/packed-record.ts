import { RECORD_VERSION } from '../../../engine/store/record/job-record.js';
import { StoreError } from '../../../engine/store/store-error.js';
import type { EventLog } from './event-log.js';
import type { PackedCalls } from './packed-calls.js';
import { type PackedLog, packedLog, unpackedLog } from './packed-log.js';
import type { StoredJob, StoredRecord } from './stored-record.js';

/**
 * The short layout. It has no `schemaVersion`, so that a worker of a release that does not know it fails, and the engine tries
 * again, at last on a worker that does.
 */
interface PackedRecord {
  readonly layout: number;
  readonly version: number;
  readonly key: string;
  readonly queue: StoredJob['queue'];
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly place: StoredJob['place'];
  readonly waits?: StoredJob['waits'];
  readonly mayCreate?: true;
  readonly log: PackedLog;
  readonly value: unknown;
  readonly context: unknown;
  readonly tokens: PackedCalls['tokens'];
  readonly children?: PackedCalls['children'];
  readonly started: number;
}

const LAYOUT = 2;

const isEmpty = (given: object): boolean => Object.keys(given).length === 0;

export function packedRecord(record: Omit<StoredRecord, 'schemaVersion'>, log: EventLog): PackedRecord {
  const { keyId, queue, createdAt, updatedAt = 0, place, waits, mayCreate, snapshot, started } = record;
  const { value, context, tokens, children } = snapshot;
  return {
    layout: LAYOUT,
    version: RECORD_VERSION,
    key: keyId,
    queue,
    createdAt,
    updatedAt: Math.round(updatedAt),
    place,
    ...(isEmpty(waits) ? {} : { waits }),
    ...(mayCreate ? { mayCreate } : {}),
    log: packedLog(log),
    value,
    context,
    tokens,
    ...(isEmpty(children) ? {} : { children }),
    started,
  };
}

/**
 * The record of the short layout, or of an older release's, which is one.
 * @throws StoreError `newer-version` for a layout of a later release
 */
export function unpackedRecord(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || !('layout' in raw)) return raw;
  const { layout } = raw;
  if (layout !== LAYOUT)
    throw new StoreError('newer-version', `A job is stored in the layout ${layout} of a newer goal-lane.`);
  // Boundary: what `packedRecord` has made; the migrations and `decodeJob` check what depends on the release.
  const packed = raw as PackedRecord;
  const { version, key, waits = {}, mayCreate = false, log, value, context, tokens, children = {} } = packed;
  const { queue, createdAt, updatedAt, place, started } = packed;
  const snapshot = { value, context, tokens, children };
  const rest = { queue, createdAt, updatedAt, place, started };
  return { ...rest, schemaVersion: version, keyId: key, waits, mayCreate, log: unpackedLog(log), snapshot };
}
