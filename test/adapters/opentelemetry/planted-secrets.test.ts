import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../../src/adapters/emulator/index.js';
import { runGoalJob } from '../../../src/adapters/node/run-goal-job.js';
import { scaledTime } from '../../support/fast-clock.js';
import { MARK, planted, runPlanted, scenarios } from '../inspector/planted-job.js';
import { recordedTelemetry } from './recorded-telemetry.js';

const METRICS = ['http.client.request.duration', 'goal_lane.job.duration', 'goal_lane.wait.duration'];

/** All that was exported, as text. */
async function everything({ spans, points }: ReturnType<typeof recordedTelemetry>): Promise<string> {
  const shown = spans().map(({ name, attributes, events, links, status }) => ({
    name,
    attributes,
    events,
    links,
    status,
  }));
  const measured = await Promise.all(METRICS.map(points));
  return JSON.stringify([shown, measured]);
}

describe('no secret is traced', () => {
  it.each(Object.keys(scenarios))('%s', async (name) => {
    const recorded = recordedTelemetry();
    const scenario = scenarios[name];
    if (scenario === undefined) throw new Error(`no scenario ${name}`);
    expect(await runPlanted(scenario, undefined, recorded.telemetry)).toBe(scenario.ends);
    const text = await everything(recorded);
    expect(text).toContain('goal_lane.job preparing');
    expect(text.toUpperCase()).not.toContain(MARK);
    for (const [secret, value] of Object.entries(planted)) expect(text.includes(value), secret).toBe(false);
  });
});

describe('over real HTTP', () => {
  let emulator: Emulator;
  let folder: string;
  const clock = scaledTime(20);
  const apiKey = `sk_live_${MARK}_key`;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'goal-lane-traced-'));
    emulator = await startEmulator({ speed: 10, clock, apiKeys: [apiKey] });
    await writeFile(join(folder, `${MARK}_name.txt`), `the content: ${MARK}`);
  });
  afterAll(async () => {
    await emulator.close();
    await rm(folder, { recursive: true });
  });

  it('neither the key, nor a value, a file, or the URL of a result', async () => {
    const recorded = recordedTelemetry();
    const job = runGoalJob({
      apiKey,
      baseUrl: emulator.baseUrl,
      workflowId: 'goal_lane.resume_tailor',
      files: [join(folder, `${MARK}_name.txt`)],
      answers: { confirmed_titles: `${MARK} of roles` },
      outDir: join(folder, MARK),
      clock,
      telemetry: recorded.telemetry,
    });
    expect((await job.result()).status).toBe('completed');
    const text = await everything(recorded);
    expect(text.toUpperCase()).not.toContain(MARK);
    expect(text).not.toContain('Signature');
    expect(text).not.toContain('Detected roles');
    const storage = recorded.spans().find(({ name }) => name === 'GET');
    expect(storage?.attributes).toEqual({
      'http.request.method': 'GET',
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
      'server.port': expect.any(Number),
      'goal_lane.job.id': job.id,
      'goal_lane.job.spec_id': expect.any(String),
    });
    const urls = recorded.spans().flatMap(({ attributes }) => attributes['url.full'] ?? []);
    expect(urls.length).toBeGreaterThan(3);
    for (const url of urls) expect(String(url).startsWith(emulator.baseUrl)).toBe(true);
  });
});
