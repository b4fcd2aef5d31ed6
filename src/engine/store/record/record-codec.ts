import { issuesInWords, issueWords } from '../../../services/wire/issue-words.js';
import { isStoreError, StoreError } from '../store-error.js';
import type { JobRecord } from './job-record.js';
import { jobRecordSchema } from './job-record-schema.js';
import { migrateRecord, RECORD_FORMAT, type RecordFormat } from './record-migrations.js';
import { damagedRecord } from './record-rules.js';

/** Converts between a record and its stored text; the same for every store. */
export interface RecordCodec {
  readonly version: number;
  /** @throws StoreError `invalid-record` */
  encode(record: JobRecord): EncodedRecord;
  /** @throws StoreError `corrupt` or `newer-version` */
  decode(id: string, text: string): JobRecord;
}

export interface EncodedRecord {
  /** What is stored. */
  readonly text: string;
  /** The text without times that carry no information; used for comparison. */
  readonly comparable: string;
}

export interface RecordCodecOptions {
  readonly format?: RecordFormat | undefined;
  /** JSON keys, at any depth of the record, whose changes alone are not written. */
  readonly volatileKeys?: readonly string[] | undefined;
}

export function createRecordCodec(options: RecordCodecOptions = {}): RecordCodec {
  const format = options.format ?? RECORD_FORMAT;
  const volatile = new Set(options.volatileKeys);
  const withoutVolatile = (key: string, value: unknown) => (volatile.has(key) ? undefined : value);
  const comparableOf = (compared: object): string =>
    volatile.size === 0 ? JSON.stringify(compared) : JSON.stringify(compared, withoutVolatile);
  return {
    version: format.version,
    encode(record) {
      const current =
        record.schemaVersion === format.version ? record : { ...record, schemaVersion: format.version };
      const checked = jobRecordSchema.safeParse(current, { error: issueWords });
      if (!checked.success) {
        throw new StoreError(
          'invalid-record',
          `Job ${record.id} cannot be stored: ${issuesInWords(checked.error.issues, 'record')}`,
        );
      }
      const { updatedAt } = checked.data;
      const whole = volatile.size === 0 ? undefined : JSON.stringify(checked.data);
      // The schema has made this object; a copy of it without one of its fields costs as much as making it into text.
      const comparable = comparableOf(Object.assign(checked.data, { updatedAt: undefined }));
      // Records are large, and are made into text once only.
      const text = whole ?? `${comparable.slice(0, -1)},"updatedAt":${JSON.stringify(updatedAt)}}`;
      return { text, comparable };
    },
    decode(id, text) {
      const checked = jobRecordSchema.safeParse(lift(id, text, format));
      if (!checked.success) throw damagedRecord(id, checked.error);
      // A record of another job would be driven under the wrong lease.
      if (checked.data.id !== id) throw damagedRecord(id);
      return checked.data;
    },
  };
}

/** Reports any defect with the id of the record. */
function lift(id: string, text: string, format: RecordFormat): unknown {
  try {
    return migrateRecord(JSON.parse(text), format);
  } catch (cause) {
    throw isStoreError(cause) && cause.kind !== 'corrupt' ? cause : damagedRecord(id, cause);
  }
}
