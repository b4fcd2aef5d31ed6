import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createActor } from 'xstate';
import { seededRandom } from '../../../src/adapters/emulator/model/seeded-random.js';
import { type EventLog, emptyLog, logged, loggedMove } from '../../../src/adapters/restate/job/event-log.js';
import { STATE_NAMES } from '../../../src/adapters/restate/job/state-names.js';
import { decodeJob, encodeJob } from '../../../src/adapters/restate/job/stored-job.js';
import type { StoredJob } from '../../../src/adapters/restate/job/stored-record.js';
import { beginJob, type InterpretedJob, stepJob } from '../../../src/engine/interpreter/index.js';
import { movedTo, snapshotAt } from '../../../src/engine/interpreter/position.js';
import { statePath } from '../../../src/engine/job/view/view-of.js';
import { migrateRecord } from '../../../src/engine/store/record/record-migrations.js';
import { sanitizeSnapshot } from '../../../src/engine/store/record/sanitize-snapshot.js';
import { machineFor } from '../../../src/machines/goal-job-machine.js';
import { goalJobMachine } from '../../../src/machines/index.js';
import type { Reply } from '../../../src/machines/reply.js';
import { possibleEvents, type World } from '../../model/environment.js';
import { worlds } from '../../model/worlds.js';
import { drawnSeed } from '../../support/drawn-seed.js';
import { STORED_BEFORE } from './stored-before.js';

const asStored = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

const around = (job: InterpretedJob): StoredJob => ({
  keyId: 'default',
  queue: { priority: 0, order: 1 },
  createdAt: 1_000,
  waits: job.started % 2 === 0 ? {} : { [String(job.started)]: 'inv_1' },
  place: 'held',
  mayCreate: job.started % 3 === 0,
  job,
});

/** What of a job must survive being stored; the order of calls and of fields means nothing, and signed URLs are not kept. */
function meant({ value, context, open, started }: InterpretedJob): unknown {
  const calls = [...open].sort((a, b) => Number(a.token) - Number(b.token));
  // Of the catalog only this is used once the job exists.
  const { workflow, ...rest } = context;
  const kept = context.jobSpecId === undefined ? workflow : workflow?.requiredSlots;
  return sanitizeSnapshot({ value, context: { ...rest, workflow: kept }, calls, started });
}

function next(job: InterpretedJob, world: World, random: () => number) {
  const position = { value: job.value, context: job.context };
  const machine = machineFor(job.context.input);
  // Boundary: a persisted snapshot of this machine.
  const snapshot = createActor(machine, { snapshot: snapshotAt(position), input: world.input }).getSnapshot();
  const answers = possibleEvents(snapshot, world).filter(({ by }) => by === 'answer' || by === 'refusal');
  const event = answers[Math.floor(random() * answers.length)];
  const id = event?.type.replace(/^xstate\.done\.actor\./, '');
  const token = job.open.find((call) => call.id === id)?.token ?? 'none';
  // The environment's services answer with replies.
  return stepJob(job, { type: 'reply', token, reply: event?.output as Reply<unknown> });
}

describe('the stored state of a job', () => {
  const seed = drawnSeed();

  it(`is the same job after it was stored, in whatever state (GOAL_LANE_SEED=${seed})`, () => {
    const random = seededRandom(seed);
    const seen = new Set<string>();
    for (const world of Object.values(worlds)) {
      for (let turn = 0; turn < 5; turn += 1) {
        let [{ job, emitted }, log, at] = [beginJob(world.input), emptyLog as EventLog, 0];
        for (let step = 0; step < 25 && job.status === 'active'; step += 1) {
          seen.add(statePath(job.value));
          for (const event of emitted) log = logged(log, event, at);
          log = loggedMove(log, statePath(job.value), at);
          const raw = asStored(encodeJob({ stored: around(job), log, now: at }));
          const { stored, log: read } = decodeJob(raw);
          expect(meant(stored.job)).toEqual(meant(job));
          expect({ ...stored, job: 0 }).toEqual({ ...around(job), job: 0 });
          expect(read).toEqual(asStored(log));
          at += 1 + Math.floor(random() * 5_000);
          ({ job, emitted } = next(job, world, random));
        }
      }
    }
    expect(seen.size).toBeGreaterThan(20);
  });

  it('continues from what the release before has stored', () => {
    const { stored, log } = decodeJob(STORED_BEFORE);
    expect(stored.job.open).toMatchObject([
      { id: '0.goalJob.executing.awaitingTurn', token: '10', src: 'pollTurn' },
    ]);
    expect(log).toEqual(STORED_BEFORE.log);
    const again = decodeJob(asStored(encodeJob({ stored, log, now: STORED_BEFORE.updatedAt })));
    expect(meant(again.stored.job)).toEqual(meant(stored.job));
    expect(again.log.moves).toEqual(log.moves?.map(([seq, at, path]) => [seq, Math.round(at), path]));
  });

  it('takes 1.3 kB while the job waits, and grows little with its history', () => {
    const { stored, log } = decodeJob(STORED_BEFORE);
    expect(bytesOf(STORED_BEFORE)).toBeGreaterThan(1_800);
    expect(bytesOf(encodeJob({ stored, log, now: STORED_BEFORE.updatedAt }))).toBeLessThan(1_300);
    let long = log;
    for (let move = 0; move < 200; move += 1)
      long = loggedMove(
        long,
        move % 2 === 0 ? 'slot_needed.filling' : 'executing.rateLimited',
        move * 90_000,
      );
    const now = 200 * 90_000;
    expect(bytesOf(encodeJob({ stored, log: long, now }))).toBeLessThan(2_000);
  });

  it('is refused by a worker that does not know its layout, which the engine then asks again', () => {
    const { stored, log } = decodeJob(STORED_BEFORE);
    const raw = encodeJob({ stored, log, now: 0 });
    expect(() => migrateRecord(raw)).toThrow('has no record version');
    expect(() => decodeJob({ ...Object(raw), layout: 3 })).toThrow('layout 3 of a newer goal-lane');
  });

  it('holds no call for one of the chart where the chart does not have the state', () => {
    const { stored, log } = decodeJob(STORED_BEFORE);
    const raw = encodeJob({ stored, log, now: 0 });
    const elsewhere = { ...Object(raw), value: { executing: 'dreaming' }, tokens: { getJob: '10' } };
    const { job } = decodeJob(elsewhere).stored;
    expect(job.value).toEqual(movedTo('preparing', 'attaching', job.context).value);
    expect(job.open).toEqual([{ id: 'getJob', token: '10', src: 'getJob', input: undefined }]);
  });
});

describe('the names of states in stored jobs', () => {
  it('include every state of the chart', () => {
    const paths: string[] = [];
    const walk = (node: typeof goalJobMachine.root, path: readonly string[]): void => {
      const inner = Object.values(node.states);
      if (inner.length === 0) paths.push(path.join('.'));
      for (const child of inner) walk(child, [...path, child.key]);
    };
    walk(goalJobMachine.root, []);
    expect(paths.filter((path) => !STATE_NAMES.includes(path))).toEqual([]);
  });

  it('keep their numbers: names are only appended', () => {
    const first = createHash('sha256').update(STATE_NAMES.slice(0, 46).join(' ')).digest('hex').slice(0, 16);
    expect(first).toBe('08826246554f7849');
    expect(new Set(STATE_NAMES).size).toBe(STATE_NAMES.length);
  });
});
