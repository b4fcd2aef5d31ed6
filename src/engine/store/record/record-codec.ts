import { isStoreError, StoreError } from '../store-error.js';
import { type JobRecord, jobRecordSchema } from './job-record.js';
import { migrateRecord, RECORD_FORMAT, type RecordFormat } from './record-migrations.js';
import { damagedRecord } from './record-rules.js';

/** Between a record and the text of it that is stored; the same for every store. */
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
  /** What is compared: the text without the times that tell nothing new. */
  readonly comparable: string;
}

export interface RecordCodecOptions {
  readonly format?: RecordFormat;
  /** Names of JSON keys, at any depth of the record, whose change alone is not worth a write. */
  readonly volatileKeys?: readonly string[];
}

export function createRecordCodec(options: RecordCodecOptions = {}): RecordCodec {
  const format = options.format ?? RECORD_FORMAT;
  const volatile = new Set(options.volatileKeys);
  const withoutVolatile = (key: string, value: unknown) => (volatile.has(key) ? undefined : value);
  return {
    version: format.version,
    encode(record) {
      const checked = jobRecordSchema.safeParse({ ...record, schemaVersion: format.version });
      if (!checked.success) {
        throw new StoreError('invalid-record', `Job ${record.id} cannot be stored: ${checked.error.message}`);
      }
      const { updatedAt: _, ...telling } = checked.data;
      return { text: JSON.stringify(checked.data), comparable: JSON.stringify(telling, withoutVolatile) };
    },
    decode(id, text) {
      const checked = jobRecordSchema.safeParse(lift(id, text, format));
      if (!checked.success) throw damagedRecord(id, checked.error);
      // Another job's record in the place of this one would be driven under the wrong lease.
      if (checked.data.id !== id) throw damagedRecord(id);
      return checked.data;
    },
  };
}

/** Whatever is wrong with it is told by its name. */
function lift(id: string, text: string, format: RecordFormat): unknown {
  try {
    return migrateRecord(JSON.parse(text), format);
  } catch (cause) {
    throw isStoreError(cause) && cause.kind !== 'corrupt' ? cause : damagedRecord(id, cause);
  }
}
