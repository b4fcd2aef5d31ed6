import { type JobRecord, jobRecordSchema } from './job-record.js';
import { migrateRecord, RECORD_FORMAT, type RecordFormat } from './record-migrations.js';
import { StoreError } from './store-error.js';

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
      const checked = jobRecordSchema.safeParse(migrateRecord(parseJson(id, text), format));
      if (!checked.success)
        throw new StoreError('corrupt', `The stored job ${id} is damaged.`, { cause: checked.error });
      return checked.data;
    },
  };
}

function parseJson(id: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new StoreError('corrupt', `The stored job ${id} is damaged.`, { cause });
  }
}
