import * as z from 'zod/mini';
import { historyPage, KEPT_ENTRIES, pageLimit } from '../../job/history/history-pages.js';
import type { HistoryPage, HistoryQuery } from '../../job/source/lane-source.js';
import type { HistoryBatch } from '../job-store.js';
import { historyEntry } from '../record/history-codec.js';
import type { SqliteConnection } from './sqlite-connection.js';

const lastRow = z.object({ last: z.nullable(z.number()) });
const countRow = z.object({ count: z.number() });

type NewEntry = HistoryBatch extends ReadonlyMap<string, readonly (infer Entry)[]> ? Entry : never;

/** The history of the jobs of one store file. Functions are synchronous. */
export function createSqliteHistory(connection: SqliteConnection) {
  // No row: the job is not stored, and has no history.
  const last = connection.prepare(
    'SELECT (SELECT max(seq) FROM history WHERE job_id = jobs.id) AS last FROM jobs WHERE id = ?',
  );
  const count = connection.prepare('SELECT count(*) AS count FROM history WHERE job_id = ?');
  const write = connection.prepare(
    'INSERT INTO history (job_id, seq, at, type, about) VALUES (?, ?, ?, ?, ?)',
  );
  // Progress is least useful, and older entries less than newer ones.
  const thin = connection.prepare(
    `DELETE FROM history WHERE job_id = ? AND seq IN (SELECT seq FROM history WHERE job_id = ?
       ORDER BY type = 'progress' DESC, seq LIMIT ?)`,
  );
  const page = connection.prepare(
    'SELECT seq, at, type, about FROM history WHERE job_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
  );

  const appendTo = (jobId: string, entries: readonly NewEntry[]): void => {
    const row = last.get(jobId);
    if (row === undefined) return;
    let seq = lastRow.parse(row).last ?? 0;
    for (const { at, type, about } of entries) {
      seq += 1;
      write.run(jobId, seq, at, type, JSON.stringify(about));
    }
    // There are at most as many as the highest number: most histories need not be counted.
    if (seq <= KEPT_ENTRIES) return;
    const excess = countRow.parse(count.get(jobId)).count - KEPT_ENTRIES;
    if (excess > 0) thin.run(jobId, jobId, excess);
  };

  return {
    append: (batch: HistoryBatch): void =>
      connection.inTransaction(() => {
        for (const [jobId, entries] of batch) appendTo(jobId, entries);
      }),
    page(jobId: string, query: HistoryQuery): HistoryPage {
      const limit = pageLimit(query);
      const rows = page.all(jobId, query.before ?? Number.MAX_SAFE_INTEGER, limit + 1);
      return historyPage(
        rows.flatMap((row) => historyEntry(row) ?? []),
        limit,
      );
    },
  };
}
