import { z } from 'zod';
import {
  type IsGone,
  judgeClaim,
  type Lease,
  type LeaseAnswer,
  type LeaseClaim,
  rememberGone,
  type StoreOwner,
} from './job-lease.js';
import type { SqliteConnection } from './sqlite-connection.js';

const leaseRow = z
  .object({
    job_id: z.string(),
    token: z.number(),
    owner_id: z.string(),
    pid: z.number(),
    host: z.string(),
    started_at: z.string(),
    expires_at: z.number(),
    ttl_ms: z.number(),
  })
  .transform(
    (row): Lease => ({
      jobId: row.job_id,
      token: row.token,
      expiresAt: row.expires_at,
      ttlMs: row.ttl_ms,
      owner: { id: row.owner_id, pid: row.pid, host: row.host, startedAt: row.started_at },
    }),
  );

const tokenRow = z.object({ token: z.number() });

const SELECT_LEASES = `SELECT job_id, token, owner_id, pid, host, started_at, expires_at, ttl_ms
  FROM leases JOIN owners ON owners.id = owner_id`;

/** The leases of one store file. Functions are synchronous: each but `drop` is one transaction. */
export interface SqliteLeases {
  acquire(jobIds: readonly string[], claim: LeaseClaim): readonly LeaseAnswer[];
  renew(claim: LeaseClaim): readonly Lease[];
  release(lease: Lease): void;
  /** `release` within a transaction that is open already. */
  drop(lease: Lease): void;
  releaseOwner(owner: StoreOwner): void;
  all(): readonly Lease[];
  /** Whether nobody has taken the job over. Says nothing of time: an ended lease holds until someone takes it. */
  stands(lease: Lease): boolean;
}

export function createSqliteLeases(connection: SqliteConnection, isGone: IsGone): SqliteLeases {
  const sql = prepareStatements(connection);
  const find = (jobId: string) => leaseRow.optional().parse(sql.find.get(jobId));
  const all = (owner?: StoreOwner) => {
    const rows = owner ? sql.ofOwner.all(owner.id) : sql.all.all();
    return rows.map((row) => leaseRow.parse(row));
  };

  const acquireOne = (jobId: string, claim: LeaseClaim, gone: IsGone): LeaseAnswer => {
    const standing = find(jobId);
    const verdict = judgeClaim(standing, claim, gone);
    const { ttlMs } = claim;
    const expiresAt = claim.now + ttlMs;
    if (standing && verdict === 'refuse') return { acquired: false, holder: standing };
    if (standing && verdict === 'keep') return { acquired: true, lease: { ...standing, expiresAt, ttlMs } };
    const { token } = tokenRow.parse(sql.nextToken.get());
    sql.take.run(jobId, claim.owner.id, token);
    const lease: Lease = { jobId, owner: claim.owner, token, expiresAt, ttlMs };
    return standing ? { acquired: true, lease, tookOverFrom: standing.owner } : { acquired: true, lease };
  };

  const drop = (lease: Lease) => {
    sql.release.run(lease.jobId, lease.token);
    sql.forgetIdleOwners.run();
  };

  return {
    acquire: (jobIds, claim) =>
      connection.inTransaction(() => {
        const gone = rememberGone(isGone);
        const answers = jobIds.map((jobId) => acquireOne(jobId, claim, gone));
        const { id, pid, host, startedAt } = claim.owner;
        sql.heartbeat.run(id, pid, host, startedAt, claim.now + claim.ttlMs, claim.ttlMs);
        sql.forgetIdleOwners.run();
        return answers;
      }),
    renew(claim) {
      sql.renew.run(claim.now + claim.ttlMs, claim.ttlMs, claim.owner.id);
      return all(claim.owner);
    },
    release: (lease) => connection.inTransaction(() => drop(lease)),
    drop,
    releaseOwner: (owner) =>
      connection.inTransaction(() => {
        sql.releaseOwner.run(owner.id);
        sql.forgetIdleOwners.run();
      }),
    all: () => all(),
    stands: (lease) => sql.stands.get(lease.jobId, lease.token) !== undefined,
  };
}

function prepareStatements(connection: SqliteConnection) {
  return {
    find: connection.prepare(`${SELECT_LEASES} WHERE job_id = ?`),
    all: connection.prepare(`${SELECT_LEASES} ORDER BY job_id`),
    ofOwner: connection.prepare(`${SELECT_LEASES} WHERE owner_id = ? ORDER BY job_id`),
    nextToken: connection.prepare('UPDATE last_token SET token = token + 1 RETURNING token'),
    take: connection.prepare(`INSERT INTO leases (job_id, owner_id, token) VALUES (?, ?, ?)
      ON CONFLICT (job_id) DO UPDATE SET owner_id = excluded.owner_id, token = excluded.token`),
    heartbeat:
      connection.prepare(`INSERT INTO owners (id, pid, host, started_at, expires_at, ttl_ms) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET expires_at = excluded.expires_at, ttl_ms = excluded.ttl_ms`),
    forgetIdleOwners: connection.prepare(
      'DELETE FROM owners WHERE NOT EXISTS (SELECT 1 FROM leases WHERE owner_id = owners.id)',
    ),
    renew: connection.prepare('UPDATE owners SET expires_at = ?, ttl_ms = ? WHERE id = ?'),
    release: connection.prepare('DELETE FROM leases WHERE job_id = ? AND token = ?'),
    releaseOwner: connection.prepare('DELETE FROM leases WHERE owner_id = ?'),
    stands: connection.prepare('SELECT 1 FROM leases WHERE job_id = ? AND token = ?'),
  };
}
