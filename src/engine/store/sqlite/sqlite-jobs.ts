import { hash } from 'node:crypto';
import * as z from 'zod/mini';
import type { JobPage, PageQuery } from '../job-pages.js';
import type { JobFilter, JobListing, SaveOptions, SaveOutcome } from '../job-store.js';
import type { Lease } from '../lease/job-lease.js';
import { checkedText, checksumOf, shownName } from '../record/checked-text.js';
import type { JobRecord } from '../record/job-record.js';
import { summaryOf } from '../record/job-summary.js';
import type { RecordCodec } from '../record/record-codec.js';
import { damagedRecord, leaseLost, listRecords, newerRecord, pageOf } from '../record/record-rules.js';
import { isStoreError } from '../store-error.js';
import { createSqliteAmend } from './sqlite-amend.js';
import type { SqliteConnection } from './sqlite-connection.js';
import type { SqliteValue } from './sqlite-driver.js';
import type { SqliteLeases } from './sqlite-leases.js';
import { createSqlitePages, storedSummary } from './sqlite-pages.js';

/** A damaged row may contain anything: each value is checked where it is used. */
interface StoredHead {
  readonly is_stored: unknown;
  readonly stands: unknown;
  readonly is_same_job: unknown;
  readonly is_same_state: unknown;
  readonly schema_version: unknown;
  readonly effect: unknown;
  readonly digest: unknown;
}
const storedRow = z.object({ id: z.unknown(), body: z.unknown(), checksum: z.unknown() });
const storedPlace = z.object({ place: z.number() });

/** Bytes and real numbers: because of invalid UTF-8 or an integer beyond 2^53, the driver would refuse all rows. */
const ROW = 'CAST(id AS BLOB) AS id, CAST(body AS BLOB) AS body, checksum';
const LEASE = 'SELECT 1 FROM leases WHERE job_id = ? AND token = ?';
const CONTENT =
  'schema_version = ?1, effect = ?, digest = ?, body = ?, checksum = ?, summary = ?, summary_checksum = ?';
const IF_OURS = `WHERE id = ? AND EXISTS (${LEASE}) AND (coalesce(schema_version, 0) <= ?1 OR CAST(schema_version AS REAL) IS ?)`;
const OLDEST_FIRST = 'ORDER BY created_at, id';

/** The job records of one store file. Functions are synchronous. */
export function createSqliteJobs(connection: SqliteConnection, leases: SqliteLeases, codec: RecordCodec) {
  const sql = prepareStatements(connection);
  const read = (row: unknown): JobRecord => {
    const { id, body, checksum } = storedRow.parse(row);
    const name = shownName(id);
    const text = checkedText(name, body, checksum);
    if (text === undefined) throw damagedRecord(name);
    return codec.decode(name, text);
  };
  const load = (id: string): JobRecord | undefined => {
    const row = sql.row.get(id);
    return row === undefined ? undefined : read(row);
  };
  /** Whether a newer release stored it: according to its column, unless the record proves otherwise. */
  const isNewer = (id: string, version: unknown): boolean => {
    if (typeof version !== 'number' || version <= codec.version) return false;
    try {
      load(id);
      return false;
    } catch (error) {
      return isStoreError(error) && error.kind === 'newer-version';
    }
  };
  const pages = createSqlitePages(connection, (place) => read(sql.at.get(place)), codec.version);
  const listed = (row: unknown) => ({ id: shownName(storedRow.parse(row).id), read: () => read(row) });

  return {
    load,
    save(record: JobRecord, { lease, effect }: SaveOptions): SaveOutcome {
      const { text, comparable } = codec.encode(record);
      const digest = hash('sha256', comparable, 'base64');
      const { id, state, jobSpecId = null, workflowId = null, createdAt } = record;
      // Boundary: the columns of the query, whatever is in them. Not parsed, because each write of a job reads them.
      const head = sql.head.get(id, lease.token, jobSpecId, workflowId, createdAt, state, id) as StoredHead;
      if (lease.jobId !== id || head.stands !== 1) throw leaseLost(id);
      if (isNewer(id, head.schema_version)) throw newerRecord(id);
      // A record that was not forced to the disk is written again when an effect depends on it.
      if (head.digest === digest && (!effect || head.effect === 1)) return 'unchanged';
      connection.commitToDisk(effect);
      const content = contentOf(record, codec.version, { effect, digest, text });
      if (writeRecord(sql, { record, lease, head, content }) === 0) throw leaseLost(id);
      return 'written';
    },
    amend: createSqliteAmend(connection, codec.version),
    list(filter: JobFilter): JobListing {
      return listRecords(readAll(sql, listed), filter);
    },
    page: (query: PageQuery): JobPage => pageOf(pages.page(query), query),
    counts: pages.counts,
    remove: (lease: Lease): boolean =>
      connection.inTransaction(() => {
        if (!leases.stands(lease)) throw leaseLost(lease.jobId);
        const { changes } = sql.remove.run(lease.jobId);
        leases.drop(lease);
        return Number(changes) > 0;
      }),
  };
}

interface Listed {
  readonly id: string;
  readonly read: () => JobRecord;
}

/** One unreadable page must not hide the rows on the others. */
function readAll(sql: Statements, listed: (row: unknown) => Listed): readonly Listed[] {
  try {
    return sql.all.all().map(listed);
  } catch {
    const places = sql.places.all().map((row) => storedPlace.parse(row).place);
    return places.map((place) => {
      try {
        return listed(sql.at.get(place));
      } catch (cause) {
        const id = `(number ${place} in the file)`;
        return {
          id,
          read: () => {
            throw damagedRecord(id, cause);
          },
        };
      }
    });
  }
}

interface Written {
  readonly effect: boolean;
  readonly digest: string;
  readonly text: string;
}

/** What each write changes. */
function contentOf(record: JobRecord, version: number, { effect, digest, text }: Written): SqliteValue[] {
  const checksum = checksumOf(record.id, text);
  const current = record.schemaVersion === version ? record : { ...record, schemaVersion: version };
  const summary = storedSummary(summaryOf(current), checksum);
  return [version, effect ? 1 : 0, digest, text, checksum, summary.text, summary.checksum];
}

interface RecordWrite {
  readonly record: JobRecord;
  readonly lease: Lease;
  readonly head: StoredHead;
  readonly content: readonly SqliteValue[];
}

/** Returns the number of rows written: none if the lease is lost. A column that an index contains is only set if it changes. */
function writeRecord(sql: Statements, { record, lease, head, content }: RecordWrite): number {
  const { id, state, jobSpecId = null, workflowId = null, createdAt } = record;
  // A version in the column that was found to be damaged.
  const seen = typeof head.schema_version === 'number' ? head.schema_version : null;
  const proof = [id, lease.token, seen];
  if (head.is_stored !== 1 || head.is_same_job !== 1)
    return Number(sql.write.run(...content, id, state, jobSpecId, workflowId, createdAt, ...proof).changes);
  const { changes } =
    head.is_same_state === 1
      ? sql.update.run(...content, id, ...proof)
      : sql.move.run(...content, state, id, ...proof);
  return Number(changes);
}

type Statements = ReturnType<typeof prepareStatements>;

function prepareStatements(connection: SqliteConnection) {
  return {
    head: connection.prepare(`SELECT jobs.id IS NOT NULL AS is_stored, EXISTS (${LEASE}) AS stands,
      job_spec_id IS ? AND workflow_id IS ? AND created_at IS ? AS is_same_job, state IS ? AS is_same_state,
      CAST(schema_version AS REAL) AS schema_version, CAST(effect AS REAL) AS effect, digest
      FROM (SELECT 1) LEFT JOIN jobs ON jobs.id = ?`),
    row: connection.prepare(`SELECT ${ROW} FROM jobs WHERE id = ?`),
    // The filter uses the records: a damaged copy of their values in a column hides none.
    all: connection.prepare(`SELECT ${ROW} FROM jobs ${OLDEST_FIRST}`),
    places: connection.prepare('SELECT rowid AS place FROM jobs'),
    at: connection.prepare(`SELECT ${ROW} FROM jobs WHERE rowid = ?`),
    remove: connection.prepare('DELETE FROM jobs WHERE id = ?'),
    // One statement each, so that checking the lease and writing the record are atomic.
    write: connection.prepare(`
      INSERT INTO jobs
        (schema_version, effect, digest, body, checksum, summary, summary_checksum, id, state, job_spec_id, workflow_id, created_at)
      SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE EXISTS (${LEASE})
      ON CONFLICT (id) DO UPDATE SET schema_version = excluded.schema_version, state = excluded.state,
        job_spec_id = excluded.job_spec_id, workflow_id = excluded.workflow_id, created_at = excluded.created_at,
        effect = excluded.effect, digest = excluded.digest, body = excluded.body, checksum = excluded.checksum,
        summary = excluded.summary, summary_checksum = excluded.summary_checksum
      WHERE coalesce(jobs.schema_version, 0) <= excluded.schema_version OR CAST(jobs.schema_version AS REAL) IS ?`),
    update: connection.prepare(`UPDATE jobs SET ${CONTENT} ${IF_OURS}`),
    move: connection.prepare(`UPDATE jobs SET ${CONTENT}, state = ? ${IF_OURS}`),
  };
}
