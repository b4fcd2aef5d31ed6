import * as z from 'zod/mini';
import type { PagedJob, PageQuery } from '../job-pages.js';
import { PAGE_LIMIT, placeAfter } from '../job-pages.js';
import { checkedText, checksumOf, shownName } from '../record/checked-text.js';
import type { JobRecord } from '../record/job-record.js';
import { type JobSummary, summaryOf } from '../record/job-summary.js';
import { damagedRecord } from '../record/record-rules.js';
import type { SqliteConnection } from './sqlite-connection.js';

/** A stored summary: its text, and the checksum that ties it to its record. */
export interface StoredSummary {
  readonly text: string;
  readonly checksum: string;
}

const boundTo = (recordChecksum: string, summary: string): string => `${recordChecksum}\n${summary}`;

/** The checksum reveals a summary of an earlier record, left by a release that does not know summaries. */
export function storedSummary(summary: JobSummary, recordChecksum: string): StoredSummary {
  const text = JSON.stringify(summary);
  return { text, checksum: checksumOf(summary.id, boundTo(recordChecksum, text)) };
}

const storedRow = z.object({
  place: z.number(),
  id: z.unknown(),
  schema_version: z.unknown(),
  checksum: z.unknown(),
  summary: z.unknown(),
  summary_checksum: z.unknown(),
});
const storedBody = z.object({ body: z.unknown() });
const storedPlace = z.object({ place: z.number() });
const storedState = z.object({ state: z.instanceof(Uint8Array) });
const storedCount = z.object({ state: z.string(), jobs: z.number() });

/** The known values of the state column: any other is damage or from a newer release, and hides no job. */
const KNOWN_STATES: ReadonlySet<string> = new Set([
  'preparing',
  'pending',
  'confirming',
  'executing',
  'slot_needed',
  'downloading',
  'completed',
  'failed',
  'detached',
]);

/** Where a page without `after` begins: before the first position. */
const BEFORE_ALL = { oldest: -Number.MAX_SAFE_INTEGER, newest: Number.MAX_SAFE_INTEGER };

/** What a page is read with. */
interface Pages {
  readonly sql: Statements;
  readonly readRecord: (place: number) => JobRecord;
  /** Of the records of this release. */
  readonly version: number;
}

type StoredRow = z.infer<typeof storedRow>;

/** The columns of a summary, whatever is in them. */
export type SummaryRow = Pick<StoredRow, 'schema_version' | 'checksum' | 'summary' | 'summary_checksum'>;

/** The stored summary. A matching checksum proves that it was validated when written. */
export function summaryIn(row: SummaryRow, name: string, version: number): JobSummary | undefined {
  if (row.schema_version !== version || typeof row.checksum !== 'string') return undefined;
  const text = checkedText(name, row.summary, null);
  if (text === undefined || row.summary_checksum !== checksumOf(name, boundTo(row.checksum, text)))
    return undefined;
  // Boundary: the checksum shows that this release's schema has validated it.
  return JSON.parse(text) as JobSummary;
}

function isWhole(sql: Statements, { place, checksum }: StoredRow, name: string): boolean {
  const { body } = storedBody.parse(sql.bodyAt.get(place));
  return checkedText(name, body, checksum) !== undefined;
}

function paged({ sql, readRecord, version }: Pages, given: unknown): PagedJob {
  const row = storedRow.parse(given);
  const name = shownName(row.id);
  return {
    place: row.place,
    id: name,
    read() {
      const summary = summaryIn(row, name, version);
      // An intact summary proves nothing about the record, which is verified but not parsed.
      return summary !== undefined && isWhole(sql, row, name) ? summary : summaryOf(readRecord(row.place));
    },
  };
}

/** The distinct values in the column, as bytes: a few jumps through its index. */
function statesStored(sql: Statements): Uint8Array[] {
  const found: Uint8Array[] = [];
  for (let row = sql.firstState.get(); row !== undefined; ) {
    const { state } = storedState.parse(row);
    found.push(state);
    row = sql.nextState.get(state);
  }
  return found;
}

/** One unreadable page of the file must not hide the rows on the others. */
function rowByRow(pages: Pages, places: SqlitePlaces, from: number, limit: number): PagedJob[] {
  const found = places.all(from, limit).map((row) => storedPlace.parse(row).place);
  return found.map((place) => {
    try {
      return paged(pages, pages.sql.at.get(place));
    } catch (cause) {
      const id = `(number ${place} in the file)`;
      const read = (): never => {
        throw damagedRecord(id, cause);
      };
      return { place, id, read };
    }
  });
}

/** The rows of a page and the one after it, including those with unknown states. */
function pageOf(pages: Pages, query: PageQuery): readonly PagedJob[] {
  const { sql } = pages;
  const { states, first = 'newest' } = query;
  const limit = (query.limit ?? PAGE_LIMIT) + 1;
  const from = placeAfter(query) ?? BEFORE_ALL[first];
  const statements = sql[first];
  const shown = (row: unknown): PagedJob => paged(pages, row);
  try {
    if (states === undefined) return statements.any.all(from, limit).map(shown);
    const words = statesStored(sql).filter((bytes) => {
      const word = shownName(bytes);
      return !KNOWN_STATES.has(word) || states.includes(word);
    });
    const found = words.flatMap((word) => statements.ofState.all(word, from, limit).map(shown));
    const sign = first === 'newest' ? -1 : 1;
    return found.sort((a, b) => sign * (a.place - b.place)).slice(0, limit);
  } catch {
    return rowByRow(pages, statements.places, from, limit);
  }
}

/** Reads stored jobs page by page, in the order in which they were first stored. Functions are synchronous. */
export function createSqlitePages(
  connection: SqliteConnection,
  readRecord: (place: number) => JobRecord,
  version: number,
) {
  const sql = prepareStatements(connection);
  const pages: Pages = { sql, readRecord, version };
  return {
    page: (query: PageQuery): readonly PagedJob[] => pageOf(pages, query),
    counts: (): Readonly<Record<string, number>> =>
      Object.fromEntries(
        sql.counts.all().map((row) => {
          const { state, jobs } = storedCount.parse(row);
          return [state, jobs];
        }),
      ),
  };
}

type Statements = ReturnType<typeof prepareStatements>;

type SqlitePlaces = ReturnType<SqliteConnection['prepare']>;

const ROW = `rowid AS place, CAST(id AS BLOB) AS id, CAST(schema_version AS REAL) AS schema_version, checksum,
  CAST(summary AS BLOB) AS summary, summary_checksum`;

function prepareStatements(connection: SqliteConnection) {
  const inOrder = (after: '<' | '>', order: 'ASC' | 'DESC') => {
    const page = `rowid ${after} ? ORDER BY rowid ${order} LIMIT ?`;
    return {
      any: connection.prepare(`SELECT ${ROW} FROM jobs WHERE ${page}`),
      ofState: connection.prepare(`SELECT ${ROW} FROM jobs WHERE state = CAST(? AS TEXT) AND ${page}`),
      places: connection.prepare(`SELECT rowid AS place FROM jobs WHERE ${page}`),
    };
  };
  return {
    newest: inOrder('<', 'DESC'),
    oldest: inOrder('>', 'ASC'),
    at: connection.prepare(`SELECT ${ROW} FROM jobs WHERE rowid = ?`),
    bodyAt: connection.prepare('SELECT CAST(body AS BLOB) AS body FROM jobs WHERE rowid = ?'),
    firstState: connection.prepare(
      'SELECT CAST(state AS BLOB) AS state FROM jobs ORDER BY jobs.state LIMIT 1',
    ),
    nextState: connection.prepare(
      'SELECT CAST(state AS BLOB) AS state FROM jobs WHERE jobs.state > CAST(? AS TEXT) ORDER BY jobs.state LIMIT 1',
    ),
    counts: connection.prepare('SELECT state, count(*) AS jobs FROM jobs GROUP BY state'),
  };
}
