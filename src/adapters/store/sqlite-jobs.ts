import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Lease } from './job-lease.js';
import type { JobRecord } from './job-record.js';
import type { JobFilter, JobListing, SaveOptions, SaveOutcome } from './job-store.js';
import type { RecordCodec } from './record-codec.js';
import { leaseLost, listRecords, newerRecord } from './record-rules.js';
import type { SqliteConnection } from './sqlite-connection.js';
import type { SqliteLeases } from './sqlite-leases.js';

const storedHead = z.object({ schema_version: z.number(), effect: z.number(), digest: z.string() });
const storedBody = z.object({ id: z.string(), body: z.string() });

/** The job records of one store file. Functions are synchronous. */
export function createSqliteJobs(connection: SqliteConnection, leases: SqliteLeases, codec: RecordCodec) {
  const sql = prepareStatements(connection);

  return {
    save(record: JobRecord, { lease, effect }: SaveOptions): SaveOutcome {
      const { text, comparable } = codec.encode(record);
      const digest = createHash('sha256').update(comparable).digest('base64');
      const stored = storedHead.optional().parse(sql.head.get(record.id));
      if (lease.jobId !== record.id || !leases.stands(lease)) throw leaseLost(record.id);
      if (stored && stored.schema_version > codec.version) throw newerRecord(record.id);
      // What was only promised to the process is written once more when an effect depends on it.
      if (stored?.digest === digest && (!effect || stored.effect === 1)) return 'unchanged';
      connection.commitToDisk(effect);
      const { changes } = sql.write.run(
        record.id,
        codec.version,
        record.state,
        record.jobSpecId ?? null,
        record.workflowId ?? null,
        record.createdAt,
        effect ? 1 : 0,
        digest,
        text,
        record.id,
        lease.token,
      );
      if (changes === 0) throw leaseLost(record.id);
      return 'written';
    },
    load(id: string): JobRecord | undefined {
      const row = storedBody.optional().parse(sql.body.get(id));
      return row && codec.decode(id, row.body);
    },
    list(filter: JobFilter): JobListing {
      const rows = filter.jobSpecId === undefined ? sql.all.all() : sql.ofSpec.all(filter.jobSpecId);
      return listRecords(
        rows.map((row) => storedBody.parse(row)),
        codec,
        filter,
      );
    },
    remove: (lease: Lease): boolean =>
      connection.inTransaction(() => {
        if (!leases.stands(lease)) throw leaseLost(lease.jobId);
        const { changes } = sql.remove.run(lease.jobId);
        leases.drop(lease);
        return changes > 0;
      }),
  };
}

function prepareStatements(connection: SqliteConnection) {
  return {
    head: connection.prepare('SELECT schema_version, effect, digest FROM jobs WHERE id = ?'),
    body: connection.prepare('SELECT id, body FROM jobs WHERE id = ?'),
    all: connection.prepare('SELECT id, body FROM jobs ORDER BY created_at, id'),
    ofSpec: connection.prepare('SELECT id, body FROM jobs WHERE job_spec_id = ? ORDER BY created_at, id'),
    remove: connection.prepare('DELETE FROM jobs WHERE id = ?'),
    // One statement, so that the lease is checked and the record written in the same instant.
    write: connection.prepare(`
      INSERT INTO jobs (id, schema_version, state, job_spec_id, workflow_id, created_at, effect, digest, body)
      SELECT ?, ?, ?, ?, ?, ?, ?, ?, ? WHERE EXISTS (SELECT 1 FROM leases WHERE job_id = ? AND token = ?)
      ON CONFLICT (id) DO UPDATE SET schema_version = excluded.schema_version, state = excluded.state,
        job_spec_id = excluded.job_spec_id, workflow_id = excluded.workflow_id, created_at = excluded.created_at,
        effect = excluded.effect, digest = excluded.digest, body = excluded.body
      WHERE jobs.schema_version <= excluded.schema_version`),
  };
}
