import { withCurrentNames, withoutIdleDeadline } from '../../../machines/current-names.js';
import { StoreError } from '../store-error.js';
import { RECORD_VERSION } from './job-record.js';

/** A record of any version: only known to be an object. */
export type RawRecord = Readonly<Record<string, unknown>>;

/** Upgrades a record from one version to the next, including its snapshot of an older chart. Pure. */
export interface RecordMigration {
  readonly from: number;
  readonly up: (record: RawRecord) => RawRecord;
}

/** The version that is written, and the upgrade steps from older ones. */
export interface RecordFormat {
  readonly version: number;
  readonly steps: readonly RecordMigration[];
}

const renamed = (record: RawRecord): RawRecord => ({
  ...record,
  snapshot: withCurrentNames(record.snapshot),
});

/**
 * Version 1 was the first release. Version 2 renames some states of the chart. Version 3 renames a field of a question, and has
 * no deadline actor for jobs without a deadline.
 */
export const RECORD_FORMAT: RecordFormat = {
  version: RECORD_VERSION,
  steps: [
    { from: 1, up: renamed },
    {
      from: 2,
      up: (record) => ({ ...record, snapshot: withoutIdleDeadline(renamed(record).snapshot) }),
    },
  ],
};

/**
 * Upgrades a stored record to the format's version, one step at a time.
 * @throws StoreError `newer-version` (the record is unchanged) or `corrupt` (no version, or no upgrade from it).
 */
export function migrateRecord(raw: unknown, format: RecordFormat = RECORD_FORMAT): RawRecord {
  if (!isRawRecord(raw)) throw new StoreError('corrupt', 'A stored job is not a record.');
  let record = raw;
  let version = versionOf(record);
  if (version > format.version) {
    throw new StoreError(
      'newer-version',
      `Job ${nameOf(record)} was stored by a newer goal-lane (record version ${version}, this one reads up to ${format.version}).`,
    );
  }
  while (version < format.version) {
    record = { ...climb(record, version, format), schemaVersion: version + 1 };
    version += 1;
  }
  return record;
}

function climb(record: RawRecord, version: number, format: RecordFormat): RawRecord {
  const step = format.steps.find((candidate) => candidate.from === version);
  if (!step) {
    throw new StoreError(
      'corrupt',
      `Job ${nameOf(record)} has record version ${version}, which nothing can read.`,
    );
  }
  try {
    return step.up(record);
  } catch (cause) {
    throw new StoreError(
      'corrupt',
      `Job ${nameOf(record)} cannot be lifted from record version ${version}.`,
      { cause },
    );
  }
}

function versionOf(record: RawRecord): number {
  const version = record.schemaVersion;
  if (typeof version === 'number' && Number.isSafeInteger(version) && version >= 0) return version;
  throw new StoreError('corrupt', `Job ${nameOf(record)} has no record version.`);
}

function nameOf(record: RawRecord): string {
  return typeof record.id === 'string' ? record.id : '(without an id)';
}

function isRawRecord(value: unknown): value is RawRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
