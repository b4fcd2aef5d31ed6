import * as z from 'zod/mini';
import {
  type IsGone,
  judgeClaim,
  type Lease,
  type LeaseAnswer,
  type LeaseClaim,
  rememberGone,
  type StoreOwner,
  withTerm,
} from '../lease/job-lease.js';
import { type LeaseTally, OwnedLeases } from './owned-leases.js';
import type { SqliteConnection } from './sqlite-connection.js';

const leaseRow = z.pipe(
  z.object({
    job_id: z.string(),
    token: z.number(),
    owner_id: z.string(),
    pid: z.number(),
    host: z.string(),
    started_at: z.string(),
    expires_at: z.number(),
    ttl_ms: z.number(),
  }),
  z.transform(
    (row): Lease => ({
      jobId: row.job_id,
      token: row.token,
      expiresAt: row.expires_at,
      ttlMs: row.ttl_ms,
      owner: { id: row.owner_id, pid: row.pid, host: row.host, startedAt: row.started_at },
    }),
  ),
);

/** Tokens are never reused: the same count with the same sum means the same leases. */
const heldRow = z.object({ count: z.number(), tokens: z.number() });
const tokenRow = z.object({ token: z.int().check(z.positive()) });

/** Real numbers: because of an integer beyond 2^53 in a damaged row, the driver would refuse all rows. */
const SELECT_LEASES = `SELECT job_id, CAST(token AS REAL) AS token, owner_id, CAST(pid AS REAL) AS pid, host, started_at,
  expires_at, ttl_ms FROM leases JOIN owners ON owners.id = owner_id`;

/** A hundred thousand in one transaction block the event loop for a tenth of a second. */
const RELEASED_AT_ONCE = 2_000;

/** The leases of one store file. Functions are synchronous; each except `drop` is one transaction. */
export interface SqliteLeases {
  acquire(jobIds: readonly string[], claim: LeaseClaim): readonly LeaseAnswer[];
  renew(claim: LeaseClaim): readonly Lease[];
  release(lease: Lease): void;
  /** `release` inside an open transaction. */
  drop(lease: Lease): void;
  /** Releases some thousand leases; true if others are left. */
  releaseOwner(owner: StoreOwner): boolean;
  all(): readonly Lease[];
  of(jobIds: readonly string[]): readonly Lease[];
  /** Adds leases that were granted by another file, unless a living owner has the job here. */
  adopt(leases: readonly Lease[]): void;
  /** Whether no other owner has taken the job over, regardless of time: an expired lease is valid until it is taken over. */
  stands(lease: Lease): boolean;
}

type Statements = ReturnType<typeof prepareStatements>;

/** A damaged lease has no owner: the next owner gets a new token, so that the previous owner, if alive, notices. */
const leaseOf = (sql: Statements, jobId: string): Lease | undefined =>
  leaseRow.safeParse(sql.find.get(jobId)).data;

const leasesIn = (rows: readonly unknown[]): Lease[] =>
  rows.flatMap((row) => leaseRow.safeParse(row).data ?? []);

/** Higher than any token before; if the counter is damaged, higher than it could have counted. */
function nextToken(sql: Statements, now: number, before = 0): number {
  const counted = tokenRow.safeParse(sql.nextToken.get()).data;
  if (counted !== undefined && counted.token > before) return counted.token;
  sql.startCount.run(Math.trunc(now));
  return tokenRow.parse(sql.nextToken.get()).token;
}

function acquireOne(sql: Statements, jobId: string, claim: LeaseClaim, gone: IsGone): LeaseAnswer {
  const standing = leaseOf(sql, jobId);
  const decision = judgeClaim(standing, claim, gone);
  const { ttlMs } = claim;
  const expiresAt = claim.now + ttlMs;
  if (standing && decision === 'refuse') return { acquired: false, holder: standing };
  if (standing && decision === 'keep')
    return { acquired: true, lease: withTerm(standing, { expiresAt, ttlMs }) };
  const token = nextToken(sql, claim.now, standing?.token);
  sql.take.run(jobId, claim.owner.id, token);
  const lease: Lease = { jobId, owner: claim.owner, token, expiresAt, ttlMs };
  return standing ? { acquired: true, lease, tookOverFrom: standing.owner } : { acquired: true, lease };
}

function adoptOne(sql: Statements, lease: Lease, gone: IsGone): void {
  const { jobId, owner, token, expiresAt, ttlMs } = lease;
  const decision = judgeClaim(leaseOf(sql, jobId), { owner, now: expiresAt - ttlMs, ttlMs }, gone);
  if (decision === 'refuse') return;
  sql.take.run(jobId, owner.id, token);
  sql.heartbeat.run(owner.id, owner.pid, owner.host, owner.startedAt, expiresAt, ttlMs);
  // Tokens granted here from now on are higher.
  sql.countFrom.run(token);
}

/** What is known to be in the file, of the owner that asked last, so that its leases are not read for each heartbeat. */
function createKnownLeases(connection: SqliteConnection, sql: Statements) {
  let owned: OwnedLeases | undefined;
  /** The state of the file, before its leases were last counted, and of which owner. */
  let counted: { readonly version: unknown; readonly ownerId: string } | undefined;
  const tallyOf = (owner: StoreOwner): LeaseTally | undefined =>
    heldRow.safeParse(sql.held.get(owner.id)).data;
  return {
    /** The leases of an owner before it is granted more; undefined if they are known, or damaged. */
    before: (owner: StoreOwner): LeaseTally | undefined =>
      owned?.ownerId === owner.id ? undefined : tallyOf(owner),
    /** A new owner has none: from then on its leases are known without reading them. */
    granted(owner: StoreOwner, answers: readonly LeaseAnswer[], before: LeaseTally | undefined): void {
      if (owned?.ownerId !== owner.id)
        owned = before?.count === 0 ? new OwnedLeases(owner.id, []) : undefined;
      owned?.learn(answers);
    },
    renewed(owner: StoreOwner, term: Pick<Lease, 'expiresAt' | 'ttlMs'>): readonly Lease[] {
      // Only other connections can have taken a lease over: while none has written, nothing need be counted.
      const version = connection.readPragma('data_version');
      const isAlone = counted?.ownerId === owner.id && counted.version === version;
      if (isAlone && owned?.ownerId === owner.id) return owned.list(term);
      counted = { version, ownerId: owner.id };
      const tally = tallyOf(owner);
      if (tally !== undefined && owned?.ownerId === owner.id && owned.equals(tally)) return owned.list(term);
      const leases = leasesIn(sql.ofOwner.all(owner.id));
      owned = leases.length === tally?.count ? new OwnedLeases(owner.id, leases) : undefined;
      return owned?.list(term) ?? leases;
    },
    dropped: (lease: Lease): void => owned?.drop(lease),
    forget(owner: StoreOwner): void {
      if (owned?.ownerId === owner.id) owned = undefined;
    },
  };
}

export function createSqliteLeases(connection: SqliteConnection, isGone: IsGone): SqliteLeases {
  const sql = prepareStatements(connection);
  const known = createKnownLeases(connection, sql);
  const drop = (lease: Lease): void => {
    sql.release.run(lease.jobId, lease.token);
    known.dropped(lease);
    sql.forgetIdleOwners.run();
  };
  return {
    acquire(jobIds, claim) {
      const { owner } = claim;
      const before = known.before(owner);
      const answers = connection.inTransaction(() => {
        const gone = rememberGone(isGone);
        const given = jobIds.map((jobId) => acquireOne(sql, jobId, claim, gone));
        const { id, pid, host, startedAt } = owner;
        sql.heartbeat.run(id, pid, host, startedAt, claim.now + claim.ttlMs, claim.ttlMs);
        sql.forgetIdleOwners.run();
        return given;
      });
      known.granted(owner, answers, before);
      return answers;
    },
    renew(claim) {
      const { ttlMs, now } = claim;
      const { id, pid, host, startedAt } = claim.owner;
      const expiresAt = now + ttlMs;
      const { changes } = sql.renew.run(expiresAt, ttlMs, id);
      // The owner's row was lost, but its leases exist.
      if (Number(changes) === 0 && sql.hasLease.get(id) !== undefined)
        sql.heartbeat.run(id, pid, host, startedAt, expiresAt, ttlMs);
      return known.renewed(claim.owner, { expiresAt, ttlMs });
    },
    release: (lease) => connection.inTransaction(() => drop(lease)),
    drop,
    releaseOwner: (owner) => connection.inTransaction(() => releaseSome(sql, owner, known.forget)),
    all: () => leasesIn(sql.all.all()),
    of: (jobIds) => leasesIn(sql.ofJobs.all(JSON.stringify(jobIds))),
    adopt: (leases) =>
      connection.inTransaction(() => {
        const gone = rememberGone(isGone);
        for (const lease of leases) adoptOne(sql, lease, gone);
      }),
    stands: (lease) => sql.stands.get(lease.jobId, lease.token) !== undefined,
  };
}

/** Returns whether there may be more to release. */
function releaseSome(sql: Statements, owner: StoreOwner, onRelease: (owner: StoreOwner) => void): boolean {
  onRelease(owner);
  const { changes } = sql.releaseSome.run(owner.id, RELEASED_AT_ONCE);
  if (Number(changes) === RELEASED_AT_ONCE) return true;
  sql.forgetIdleOwners.run();
  return false;
}

function prepareStatements(connection: SqliteConnection) {
  return {
    find: connection.prepare(`${SELECT_LEASES} WHERE job_id = ?`),
    all: connection.prepare(`${SELECT_LEASES} ORDER BY job_id`),
    ofJobs: connection.prepare(`${SELECT_LEASES} WHERE job_id IN (SELECT value FROM json_each(?))`),
    ofOwner: connection.prepare(`${SELECT_LEASES} WHERE owner_id = ? ORDER BY job_id`),
    nextToken: connection.prepare(
      'UPDATE last_token SET token = token + 1 RETURNING CAST(token AS REAL) AS token',
    ),
    startCount: connection.prepare('INSERT OR REPLACE INTO last_token VALUES (1, ?)'),
    countFrom: connection.prepare('UPDATE last_token SET token = max(token, ?)'),
    held: connection.prepare(
      'SELECT count(*) AS count, total(token) AS tokens FROM leases WHERE owner_id = ?',
    ),
    hasLease: connection.prepare('SELECT 1 FROM leases WHERE owner_id = ? LIMIT 1'),
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
    releaseSome: connection.prepare(
      'DELETE FROM leases WHERE rowid IN (SELECT rowid FROM leases WHERE owner_id = ? LIMIT ?)',
    ),
    stands: connection.prepare('SELECT 1 FROM leases WHERE job_id = ? AND token = ?'),
  };
}
