import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGoalWorker, type GoalWorker, registerWorker } from '../../../src/adapters/restate/index.js';
import { type Fleet, startFleet } from '../../support/fleet.js';

interface Count {
  readonly count: number;
}

describe('a job on the durable engine', () => {
  let fleet: Fleet;
  let worker: GoalWorker;
  let files: string[] = [];

  beforeAll(async () => {
    fleet = await startFleet({ speed: 4 });
    const { engine, emulator, out } = fleet;
    worker = createGoalWorker({
      keys: { default: emulator.apiKey },
      baseUrl: emulator.baseUrl,
      results: out,
      ingress: engine.ingress,
    });
    const { url } = await worker.listen({ port: 0 });
    await registerWorker({ admin: engine.admin, url });
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
      // What became of the values is told when the server has taken them, not when they are on their way.
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
  });

  it('refuses what would be stored and must not be, before anything is sent', async () => {
    const start = (file: string) =>
      fleet.client.start({ workflowId: 'goal_lane.resume_tailor', files: [file] });
    await expect(start('https://files.example/a.pdf?X-Amz-Signature=abc')).rejects.toMatchObject({
      failure: { kind: 'invalid-input' },
    });
  });
});
