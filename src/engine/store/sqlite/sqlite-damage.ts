import { StoreError } from '../store-error.js';
import { sqliteFailure } from './sqlite-failure.js';

/** Findings about a single row: it is checked when read, and hides no other row. */
const OF_A_ROW = /^(?:\S+ value in |CHECK constraint failed in )/;
/** Findings about an index, which is rebuilt from its table. */
const OF_AN_INDEX = /(?:missing from|entries in|entry in) index /;

/** What the check needs of a store file. */
interface InspectedFile {
  readonly path: string;
  readRows(sql: string): readonly unknown[];
  exec(sql: string): void;
}

/**
 * Reports damage that could spread, before a job begins: about 1 ms per MB of the file.
 * @throws StoreError `corrupt`
 */
export function refuseDamage(connection: InspectedFile): void {
  const { path } = connection;
  const findings = connection.readRows('PRAGMA integrity_check').map(String);
  const grave = findings.filter((finding) => finding !== 'ok' && !OF_A_ROW.test(finding));
  const [worst] = grave.filter((finding) => !OF_AN_INDEX.test(finding));
  if (worst !== undefined) {
    throw new StoreError('corrupt', `The store ${path} is damaged (${worst.trim()}).`, { path });
  }
  if (grave.length > 0) rebuildIndexes(connection);
}

function rebuildIndexes(connection: InspectedFile): void {
  try {
    connection.exec('REINDEX');
  } catch (cause) {
    if (sqliteFailure(cause, connection.path).kind === 'locked') throw cause;
    // Two rows have the same name: the list of jobs, which needs no index, still shows both.
  }
}
