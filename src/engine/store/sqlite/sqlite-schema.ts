import { StoreError } from '../store-error.js';

/** Marks the file as ours (`PRAGMA application_id`): "gLan". */
export const APPLICATION_ID = 0x674c616e;

/**
 * Ordered; the number of completed steps is the file's `user_version`. Never edit a released step: add one. `effect` is 1 if the
 * record was forced to the disk; `digest` is of the comparable text.
 */
export const SCHEMA_STEPS: readonly string[] = [
  `CREATE TABLE jobs (
     id TEXT PRIMARY KEY,
     schema_version INTEGER NOT NULL,
     state TEXT NOT NULL,
     job_spec_id TEXT,
     workflow_id TEXT,
     created_at REAL NOT NULL,
     effect INTEGER NOT NULL,
     digest TEXT NOT NULL,
     body TEXT NOT NULL
   ) STRICT;
   CREATE INDEX jobs_by_spec ON jobs (job_spec_id);
   CREATE TABLE owners (
     id TEXT PRIMARY KEY,
     pid INTEGER NOT NULL,
     host TEXT NOT NULL,
     started_at TEXT NOT NULL,
     expires_at REAL NOT NULL
   ) STRICT;
   CREATE TABLE leases (
     job_id TEXT PRIMARY KEY,
     owner_id TEXT NOT NULL,
     token INTEGER NOT NULL
   ) STRICT;
   CREATE INDEX leases_by_owner ON leases (owner_id);
   CREATE TABLE last_token (only INTEGER PRIMARY KEY CHECK (only = 1), token INTEGER NOT NULL) STRICT;
   INSERT INTO last_token VALUES (1, 0);
   CREATE TABLE lanes (key_label TEXT PRIMARY KEY, body TEXT NOT NULL, comparable TEXT NOT NULL) STRICT;`,
  // Older rows have no checksum; a row that an older release changes in an open file loses it.
  `ALTER TABLE jobs ADD COLUMN checksum TEXT;
   ALTER TABLE lanes ADD COLUMN checksum TEXT;
   CREATE TRIGGER jobs_unchecked AFTER UPDATE OF body ON jobs
     WHEN new.checksum IS old.checksum AND new.body IS NOT old.body
     BEGIN UPDATE jobs SET checksum = NULL WHERE id = new.id; END;
   CREATE TRIGGER lanes_unchecked AFTER UPDATE OF body ON lanes
     WHEN new.checksum IS old.checksum AND new.body IS NOT old.body
     BEGIN UPDATE lanes SET checksum = NULL WHERE key_label = new.key_label; END;`,
  // Before this step every lease lasted 30 s.
  'ALTER TABLE owners ADD COLUMN ttl_ms REAL NOT NULL DEFAULT 30000;',
  // Lists are read without the records; an older row has no summary and is listed by its record.
  `ALTER TABLE jobs ADD COLUMN summary TEXT;
   ALTER TABLE jobs ADD COLUMN summary_checksum TEXT;
   CREATE INDEX jobs_by_state ON jobs (state);`,
  `CREATE TABLE history (
     job_id TEXT NOT NULL,
     seq INTEGER NOT NULL,
     at REAL NOT NULL,
     type TEXT NOT NULL,
     about TEXT NOT NULL,
     PRIMARY KEY (job_id, seq)
   ) STRICT, WITHOUT ROWID;
   CREATE TRIGGER history_gone AFTER DELETE ON jobs
     BEGIN DELETE FROM history WHERE job_id = old.id; END;`,
  // Distinguishes this store from another one whose content was written over it.
  `CREATE TABLE identity (only INTEGER PRIMARY KEY CHECK (only = 1), id TEXT NOT NULL) STRICT;
   INSERT INTO identity VALUES (1, lower(hex(randomblob(16))));`,
];

/** The id of the store in a file: of one row. */
export const SELECT_IDENTITY = 'SELECT id FROM identity WHERE only = 1';

/** The part of a connection that a schema needs. */
export interface SchemaConnection {
  exec(sql: string): unknown;
  /** The single value of `PRAGMA name`. */
  readPragma(name: string): unknown;
  /** Runs everything or nothing, exclusively. */
  inTransaction<Result>(work: () => Result): Result;
}

/**
 * Upgrades a file to this release's schema, or creates it. True if the file was changed.
 * @throws StoreError `not-a-store` (a database of another program) or `newer-version`; the file is then unchanged.
 */
export function applySchema(
  connection: SchemaConnection,
  path: string,
  steps: readonly string[] = SCHEMA_STEPS,
): boolean {
  if (versionOf(connection, path, steps.length) === steps.length) return false;
  return connection.inTransaction(() => {
    // Read again: another process may have upgraded it before we got the lock.
    const version = versionOf(connection, path, steps.length);
    for (const step of steps.slice(version)) connection.exec(step);
    connection.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${steps.length};`);
    return true;
  });
}

function versionOf(connection: SchemaConnection, path: string, ours: number): number {
  const version = Number(connection.readPragma('user_version'));
  const foreign = connection.readPragma('application_id') !== APPLICATION_ID;
  if (foreign && (version !== 0 || connection.readPragma('schema_version') !== 0)) {
    throw new StoreError('not-a-store', `${path} is a database of another program.`, { path });
  }
  if (version > ours) {
    const message = `The store ${path} was made by a newer goal-lane (version ${version}, this one knows ${ours}).`;
    throw new StoreError('newer-version', message, { path });
  }
  return version;
}
