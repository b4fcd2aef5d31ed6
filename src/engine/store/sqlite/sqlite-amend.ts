import type { AmendOutcome, RecordChanges } from '../job-store.js';
import type { Lease } from '../lease/job-lease.js';
import { amendedText } from '../record/amended-text.js';
import { leaseLost } from '../record/record-rules.js';
import type { SqliteConnection } from './sqlite-connection.js';
import type { SqliteValue } from './sqlite-driver.js';
import { type SummaryRow, storedSummary, summaryIn } from './sqlite-pages.js';

/** A damaged row may contain anything: each value is checked where it is used. */
interface StoredRow extends SummaryRow {
  readonly is_same_state: unknown;
  readonly body: unknown;
}

const CONTENT =
  'effect = 0, digest = ?, body = CAST(? AS TEXT), checksum = ?, summary = ?, summary_checksum = ?';
const IF_OURS =
  'WHERE id = ? AND EXISTS (SELECT 1 FROM leases WHERE job_id = jobs.id AND token = ?) AND CAST(schema_version AS REAL) IS ?';

/** What the columns of a row become; undefined if it is damaged, or another release has written it. */
function amendedColumns(
  row: StoredRow,
  id: string,
  changes: RecordChanges,
  version: number,
): SqliteValue[] | undefined {
  const listed = summaryIn(row, id, version);
  const amended = listed && amendedText(id, row, changes);
  if (amended === undefined) return undefined;
  const { bytes, checksum, digest } = amended;
  const summary = storedSummary(Object.assign({}, listed, changes), checksum);
  return [digest, bytes, checksum, summary.text, summary.checksum];
}

/** Amends the records of one store file. */
export function createSqliteAmend(connection: SqliteConnection, version: number) {
  const find = connection.prepare(`SELECT state IS ? AS is_same_state,
    CAST(body AS BLOB) AS body, checksum, CAST(summary AS BLOB) AS summary, summary_checksum,
    CAST(schema_version AS REAL) AS schema_version FROM jobs WHERE id = ?`);
  // A column that an index contains is only set if it changes.
  const update = connection.prepare(`UPDATE jobs SET ${CONTENT} ${IF_OURS}`);
  const move = connection.prepare(`UPDATE jobs SET ${CONTENT}, state = ? ${IF_OURS}`);
  return (id: string, changes: RecordChanges, lease: Lease): AmendOutcome => {
    // Boundary: the columns of the query, whatever is in them.
    const row = find.get(changes.state, id) as StoredRow | undefined;
    if (row === undefined) return 'impossible';
    const columns = amendedColumns(row, id, changes, version);
    if (columns === undefined) return 'impossible';
    connection.commitToDisk(false);
    const proof = [id, lease.token, version];
    const { changes: rows } =
      row.is_same_state === 1
        ? update.run(...columns, ...proof)
        : move.run(...columns, changes.state, ...proof);
    if (Number(rows) === 0) throw leaseLost(id);
    return 'written';
  };
}
