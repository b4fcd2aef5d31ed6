import * as z from 'zod/mini';
import { historyPage, KEPT_ENTRIES, pageLimit } from '../../job/history/history-pages.js';
import type { HistoryPage, HistoryQuery } from '../../job/source/lane-source.js';
import type { HistoryBatch } from '../job-store.js';
import { historyEntry } from '../record/history-codec.js';
import type { SqliteConnection } from './sqlite-connection.js';

const lastRow = z.object({ last: z.nullable(z.number()), count: z.number() });

/** The history of the jobs of one store file. Functions are synchronous. */
export function createSqliteHistory(connection: SqliteConnection) {
  const last = connection.prepare('SELECT max(seq) AS last, count(*) AS count FROM history WHERE job_id = ?');
  const write = connection.prepare(
    'INSERT INTO history (job_id, seq, at, type, about) SELECT ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM jobs WHERE id = ?)',
  );
  // Progress is least useful, and older entries less than newer ones.
  const thin = connection.prepare(
    `DELETE FROM history WHERE job_id = ? AND seq IN (SELECT seq FROM history WHERE job_id = ?
       ORDER BY type = 'progress' DESC, seq LIMIT ?)`,
  );
  const page = connection.prepare(
    'SELECT seq, at, type, about FROM history WHERE job_id = ? AND seq < ? ORDER BY seq DESC LIMIT ?',
  );

  return {
    append: (batch: HistoryBatch): void =>
      connection.inTransaction(() => {
        for (const [jobId, entries] of batch) {
          const stored = lastRow.parse(last.get(jobId));
          for (const [index, { at, type, about }] of entries.entries())
            write.run(jobId, (stored.last ?? 0) + index + 1, at, type, JSON.stringify(about), jobId);
          const excess = stored.count + entries.length - KEPT_ENTRIES;
          if (excess > 0) thin.run(jobId, jobId, excess);
        }
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
