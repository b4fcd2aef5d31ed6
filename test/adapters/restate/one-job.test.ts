import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGoalWorker, type GoalWorker, registerWorker } from '../../../src/adapters/restate/index.js';
import type { JobLogger } from '../../../src/engine/job/job-logger.js';
import { runWorkflow } from '../../support/either-jobs.js';
import { type Fleet, startFleet } from '../../support/fleet.js';
import { harFaults, readHar } from '../node/trace/har.js';
import { callsIn, linkedIds, recordedTelemetry, stateOf } from '../opentelemetry/recorded-telemetry.js';

interface Count {
  readonly count: number;
}

interface TracedWorker extends GoalWorker {
  readonly url: string;
  readonly recorded: ReturnType<typeof recordedTelemetry>;
}

describe('a job on the durable engine', () => {
  let fleet: Fleet;
  let worker: TracedWorker;
  let files: string[] = [];
  /** Attempts of handlers that have failed and that the engine repeats: each costs its key at least 50 ms. */
  const failedAttempts: string[] = [];
  const quiet = (): void => undefined;
  const logger: JobLogger = {
    debug(fields, text) {
      if ('handler' in fields && fields.handler !== undefined)
        failedAttempts.push(`${fields.handler}: ${text}`);
    },
    ...{ info: quiet, warn: quiet, error: quiet, child: () => logger },
  };

  /** A process that exports its traces to memory. */
  async function open(port: number): Promise<TracedWorker> {
    const { engine, emulator, out, folder } = fleet;
    const recorded = recordedTelemetry();
    const made = createGoalWorker({
      keys: { default: emulator.apiKey },
      baseUrl: emulator.baseUrl,
      results: out,
      ingress: engine.ingress,
      telemetry: recorded.telemetry,
      trace: join(folder, 'trace.har'),
      logger,
    });
    const { url } = await made.listen({ port });
    return { ...made, url, recorded };
  }

  beforeAll(async () => {
    fleet = await startFleet({ speed: 4 });
    worker = await open(0);
    await registerWorker({ admin: fleet.engine.admin, url: worker.url });
    // Once: a second start must not write what the first one is reading.
    files = [await fleet.file('resume.txt', 'a resume'), await fleet.file('job.txt', 'a job')];
  });

  afterAll(async () => {
    await worker.close();
    await fleet.close();
  });

  const rows = async (query: string): Promise<number> => (await fleet.sql<Count>(query))[0]?.count ?? -1;

  async function startResume(id: string) {
    return fleet.client.start({ id, workflowId: 'goal_lane.resume_tailor', files });
  }

  it('runs from a file to a saved result, asks at a checkpoint, and leaves no state behind', async () => {
    const { emulator, client } = fleet;
    const job = await startResume('first');
    expect((await startResume('first')).id).toBe('first');
    const seqs: number[] = [];
    const answers: string[] = [];
    for await (const event of job.events()) {
      seqs.push(event.seq);
      if (event.type !== 'inputNeeded' || answers.length > 0) continue;
      const slots = Object.fromEntries(event.request.missing.map((slot) => [slot, 'Tech Lead']));
      answers.push((await job.submitSlots({ no_such_slot: 'x' })).status);
      // The result for the values is reported when the server has taken them, not when they are sent.
      emulator.faults.add({ on: 'slots', fault: { kind: 'http-error', status: 503 }, times: 1 });
      answers.push((await job.submitSlots(slots)).status);
      answers.push(
        ...emulator.log.flatMap(({ endpoint, status }) => (endpoint === 'slots' ? [`${status}`] : [])),
      );
      answers.push((await job.submitSlots(slots)).status);
    }
    expect(answers).toEqual(['refused', 'accepted', '503', '200', 'closed']);
    expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b));

    const output = await job.result();
    if (output.status !== 'completed') throw new Error(JSON.stringify(output));
    expect((await readFile(output.saved?.file ?? '')).length).toBe(output.saved?.bytes);
    expect(emulator.log.filter((entry) => entry.effect?.type === 'created')).toHaveLength(1);
    expect(emulator.log.filter((entry) => entry.tooSoon)).toEqual([]);

    const late: string[] = [];
    for await (const event of job.events({ since: seqs.at(-2) ?? 0 })) late.push(event.type);
    expect(late).toEqual(['completed']);
    expect((await client.jobs({ state: 'completed' })).jobs).toMatchObject([
      { id: 'first', state: 'completed', workflowId: 'goal_lane.resume_tailor' },
    ]);
    const left = (query: string) => expect.poll(() => rows(query), { timeout: 10_000 });
    await left("select count(*) as count from state where service_name <> 'GoalKey'").toBe(0);
    await left("select count(*) as count from state where key like 'w/%'").toBe(0);
    await left("select count(*) as count from sys_invocation where status <> 'completed'").toBe(0);
    await left('select count(*) as count from sys_journal').toBe(0);
    expect(failedAttempts).toEqual([]);
  });

  it('runs on a fleet what runs on a lane', async () => {
    const slots = { confirmed_titles: 'Tech Lead' };
    const outcome = await runWorkflow(fleet.client, 'either', files, slots);
    expect(outcome).toMatchObject({
      answers: ['accepted'],
      output: { status: 'completed' },
      listed: 'completed',
    });
  });

  it('sends no create for a decision about an earlier one that was sent twice', async () => {
    const { emulator, client } = fleet;
    const lose = (when: 'before' | 'after') =>
      emulator.faults.add({ on: 'create', fault: { kind: 'reset', when }, times: 1 });
    lose('before');
    const created = () => emulator.log.filter(({ effect }) => effect?.type === 'created').length;
    const before = created();
    const job = await startResume('decided');
    const path = async (): Promise<string> => (await job.refresh()).path;
    await expect.poll(path, { timeout: 20_000 }).toBe('preparing.outcomeUnknown');
    const { createdAt } = (await client.jobs()).jobs.find(({ id }) => id === 'decided') ?? {};
    expect(await client.look('decided')).toMatchObject({ createdAt });
    lose('after');
    // The answer to the first was lost, so the host sends it again.
    await Promise.all([job.send({ type: 'RETRY' }), job.send({ type: 'RETRY' })]);
    expect([await path(), created() - before]).toEqual(['preparing.outcomeUnknown', 1]);
    await job.detach();
  });

  it('refuses what would be stored and must not be, before anything is sent', async () => {
    const start = (file: string) =>
      fleet.client.start({ workflowId: 'goal_lane.resume_tailor', files: [file] });
    await expect(start('https://files.example/a.pdf?X-Amz-Signature=abc')).rejects.toMatchObject({
      failure: { kind: 'invalid-input' },
    });
  });

  it('is a trace a phase, which a process that takes over links to the last one', async () => {
    const ofThis = ({ recorded }: TracedWorker) =>
      recorded.phases().filter(({ attributes }) => attributes['goal_lane.job.id'] === 'traced');
    const job = await startResume('traced');
    const asked = async (): Promise<boolean> => (await job.refresh()).needs === 'slots';
    await expect.poll(asked, { timeout: 20_000 }).toBe(true);
    await worker.close();
    const first = worker.recorded.spans();
    const before = ofThis(worker);
    // A read may or may not come while it executes.
    const sure = (phases: typeof before) => phases.map(stateOf).filter((state) => state !== 'executing');
    expect(sure(before)).toEqual(['preparing', 'confirming', 'slot_needed']);

    worker = await open(Number(new URL(worker.url).port));
    await job.submitSlots({ confirmed_titles: 'Chief Parrot Officer' });
    expect((await job.result()).status).toBe('completed');
    const after = ofThis(worker);
    expect(sure(after)).toEqual(['slot_needed', 'confirming', 'downloading']);
    const all = [...before, ...after];
    const ids = all.map((phase) => [phase.spanContext().spanId]);
    expect(all.map(linkedIds)).toEqual([[], ...ids.slice(0, -1)]);

    const calls = all.flatMap((phase) => callsIn([...first, ...worker.recorded.spans()], phase));
    const named = calls.map(({ name }) => name);
    for (const name of ['POST /upload', 'POST /jobs/goal', 'PATCH /jobs/goal/{jobSpecId}/slots', 'GET'])
      expect(named).toContain(name);
    const polls = all.reduce((sum, { attributes }) => sum + Number(attributes['goal_lane.polls'] ?? 0), 0);
    const { jobSpecId } = await job.refresh();
    const isRead = ({ path, endpoint }: { path: string; endpoint: string }): boolean =>
      endpoint === 'status' && path.includes(String(jobSpecId));
    expect(polls).toBe(fleet.emulator.log.filter(isRead).length);
    const last = { 'goal_lane.job.id': 'traced', 'goal_lane.outcome': 'completed' };
    expect(after.at(-1)?.attributes).toMatchObject(last);

    const { points } = worker.recorded;
    expect(await points('goal_lane.job.duration')).toContainEqual({
      attributes: { 'goal_lane.outcome': 'completed', 'goal_lane.workflow.id': 'goal_lane.resume_tailor' },
      value: expect.anything(),
    });
    expect((await points('http.client.request.duration')).length).toBeGreaterThan(0);
    expect(await points('goal_lane.jobs.active')).toEqual([{ attributes: {}, value: 0 }]);
  }, 60_000);

  it('has left every exchange of both processes in one HAR, without key and values', async () => {
    const path = join(fleet.folder, 'trace.har');
    expect(harFaults(path)).toEqual([]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const text = await readFile(path, 'utf8');
    expect([fleet.emulator.apiKey, 'Parrot'].filter((secret) => text.includes(secret))).toEqual([]);
    const ofJob = readHar(path).log.entries.filter(({ _goalLane }) => _goalLane.jobId === 'traced');
    const states = new Set(ofJob.map(({ _goalLane }) => _goalLane.state?.split('.')[0]));
    expect([...states]).toEqual(
      expect.arrayContaining(['preparing', 'confirming', 'slot_needed', 'downloading']),
    );
  });
});
