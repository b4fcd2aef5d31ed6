import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CREATED_AT, runningView, type ScriptedEngine, scriptEngine } from '../../support/scripted-engine.js';

const headers = { 'X-Gateway': 'let me through' };

describe('a client of a fleet', () => {
  let engine: ScriptedEngine;
  beforeEach(async () => {
    engine = await scriptEngine({ headers });
  });
  afterEach(() => engine.close());

  const refused = (kind: string) => ({ failure: { kind } });

  it('sends its headers with every request, those for lists included', async () => {
    const { client, server } = engine;
    await client.jobs();
    await client.stored();
    await client.look('a');
    expect(new Set(server.seen.map(({ path }) => path.split('/')[1]))).toEqual(new Set(['query', 'GoalJob']));
    expect(server.seen.filter((request) => request.headers['x-gateway'] !== headers['X-Gateway'])).toEqual(
      [],
    );
  });

  it('says that a gateway refuses it, also for lists', async () => {
    engine.isBarred = true;
    await expect(engine.client.jobs()).rejects.toMatchObject(refused('rejected'));
    await expect(engine.client.look('a')).rejects.toMatchObject(refused('rejected'));
  });

  it('takes a page in the place of an answer for an engine that is away, and waits for its end', async () => {
    const { client } = engine;
    engine.isPage = true;
    for (const asked of [client.jobs(), client.look('a'), client.catalog(), client.job('a').confirm()])
      await expect(asked).rejects.toMatchObject(refused('network'));
    const job = client.job('a');
    const seen: string[] = [];
    const end = job.subscribe(({ state }) => seen.push(state));
    engine.isPage = false;
    await expect.poll(() => seen, { timeout: 5_000 }).toEqual([runningView.state]);
    end();
  });

  it('has started no job where something else has answered, and names the id to start it again with', async () => {
    const input = { workflowId: 'goal_lane.translation', files: ['/tmp/a.txt'] };
    engine.isPage = true;
    const error = await engine.client.start(input).catch((thrown: unknown) => thrown);
    const [, id] = engine.server.seen.at(-1)?.path.match(/^\/GoalJob\/([^/]+)\//) ?? [];
    expect(error).toMatchObject({ failure: { kind: 'network', advice: expect.stringContaining(`"${id}"`) } });
    engine.isPage = false;
    expect((await engine.client.start({ ...input, id: String(id) })).id).toBe(id);
  });

  it('says when a job was created', async () => {
    expect(await engine.client.look('a')).toEqual({ id: 'a', createdAt: CREATED_AT, view: runningView });
  });

  it('does not forget a job that is about to start', async () => {
    engine.viewOf = () => undefined;
    engine.starting = ['early'];
    await expect(engine.client.forget('early')).rejects.toMatchObject(refused('invalid-input'));
    expect(await engine.client.forget('other')).toBe(false);
  });

  it.each<[string, () => unknown]>([
    ['half of a character for an id', async () => engine.client.job('\ud800')],
    // Boundary: as a JavaScript host may call it.
    ['a text for a list of ids', () => engine.client.resume('abc' as never)],
  ])('refuses %s', async (_, ask) => {
    await expect((async () => ask())()).rejects.toMatchObject(refused('invalid-input'));
    expect(engine.server.seen).toEqual([]);
  });
});
