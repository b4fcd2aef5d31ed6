/**
 * A process of its own on a store file, for the tests: one command per process, given in argv, answered in lines on stdout.
 * A line that was read by the parent was written after what it reports was done.
 */
import { writeSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { currentOwner, isProcessGone, openSqliteStore } from '../../../src/engine/store/index.js';
import { isStoreError } from '../../../src/engine/store/store-error.js';
import { openRaw } from '../../support/raw-database.js';
import { sampleRecord } from './sample-record.js';

const [command = '', path = '', ...rest] = process.argv.slice(2);
const say = (message: unknown) => writeSync(1, `${JSON.stringify(message)}\n`);
const claim = (ttlMs = 3_600_000) => ({ owner: currentOwner(), now: Date.now(), ttlMs });
const open = () => openSqliteStore({ path, isGone: isProcessGone, busyTimeoutMs: 10_000 });
/** Waits for the parent's next line; ends with it, so that no child is left behind. */
const lines = process.stdin.setEncoding('utf8')[Symbol.asyncIterator]();
const reported = async () => {
  if ((await lines.next()).done) process.exit(0);
};

const COMMANDS: Record<string, () => Promise<void>> = {
  /** Takes what it can of so many jobs, one by one, and says which. */
  async grab() {
    const store = await open();
    const ours = claim();
    say('ready');
    await reported();
    const taken: string[] = [];
    for (let i = 0; i < Number(rest[0]); i += 1) {
      const jobId = `job-${i}`;
      const answer = await store.acquireLease(jobId, ours);
      if (!answer.acquired) continue;
      taken.push(jobId);
      await store.save(sampleRecord(jobId, { step: String(process.pid) }), {
        lease: answer.lease,
        effect: false,
      });
      await delay(0);
    }
    say(taken);
    await reported();
  },
  /** Holds one job; at the next line saves it, and says how that went. */
  async hold() {
    const store = await open();
    const answer = await store.acquireLease('one', claim());
    say(answer.acquired);
    await reported();
    if (!answer.acquired) return;
    const { lease } = answer;
    await store
      .save(sampleRecord('one', { progress: 1 }), { lease, effect: true })
      .then(say, (error) => say(error.kind));
  },
  /** Holds the write lock, as a backup or a database browser does, for so many ms. */
  async lock() {
    const database = openRaw(path);
    database.exec('BEGIN IMMEDIATE');
    say('locked');
    await delay(Number(rest[0]));
    database.exec('ROLLBACK');
    database.close();
    say('free');
  },
  /** Writes for ever; announces each effect after it was saved. */
  async write() {
    const store = await open();
    const answer = await store.acquireLease('one', claim());
    if (!answer.acquired) throw new Error('held');
    const snapshot = { padding: 'x'.repeat(20_000) };
    for (let progress = 1; ; progress += 1) {
      const effect = progress % 3 === 0;
      await store.save(sampleRecord('one', { progress, snapshot }), { lease: answer.lease, effect });
      if (effect) say(progress);
    }
  },
  /** Writes until it is refused; says how, and what can still be read. */
  async fill() {
    const store = await open();
    const answer = await store.acquireLease('one', claim());
    if (!answer.acquired) throw new Error('held');
    for (let progress = 1; ; progress += 1) {
      const record = sampleRecord('one', { progress, snapshot: { padding: 'x'.repeat(10_000) } });
      try {
        await store.save(record, { lease: answer.lease, effect: true });
      } catch (error) {
        if (!isStoreError(error)) throw error;
        const stored = await store.load('one');
        const many = Array.from({ length: 20_000 }, (_, i) => `job-${i}`);
        const leases = await store.acquireLeases(many, claim()).then(String, (refusal) => refusal.kind);
        const heldAfter = (await store.leases()).length;
        say({
          kind: error.kind,
          message: error.message,
          refused: progress,
          stored: stored?.progress,
          leases,
          heldAfter,
        });
        return;
      }
    }
  },
  /** Opens as a user to whom file modes apply. */
  async open() {
    if (process.getuid?.() === 0) {
      process.setgid?.(65_534);
      process.setuid?.(65_534);
    }
    await open().then(
      () => say('opened'),
      (error) => say({ kind: error.kind, message: error.message }),
    );
  },
};

await COMMANDS[command]?.();
process.exit(0);
