import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../src/adapters/emulator/index.js';
import { blocksIn, programsOf } from '../docs/page-code.js';
import { type RunningProgram, readersFolder, runProgram } from './page-runner.js';

const PAGE = 'docs/guides/http-server.md';

let emulator: Emulator;
let folder = '';
let server: RunningProgram;
let origin = '';

async function startServer(): Promise<void> {
  const programs = programsOf(blocksIn(PAGE, await readFile(PAGE, 'utf8')));
  const program = programs.find(({ block }) => block.marks.includes('drives http'));
  server = await runProgram(folder, 'server', program?.source ?? '', emulator, { PORT: '0' });
  while (!/port: \d+/.test(server.printed())) await once(server.child.stdout ?? server.child, 'data');
  origin = `http://127.0.0.1:${/port: (\d+)/.exec(server.printed())?.[1]}`;
}

beforeEach(async () => {
  emulator = await startEmulator({ speed: 20 });
  folder = await mkdtemp(join(tmpdir(), 'goal-lane-guide-'));
  await readersFolder(folder);
  await startServer();
}, 30_000);

afterEach(async () => {
  server.child.kill('SIGKILL');
  await emulator.close();
  await rm(folder, { recursive: true, force: true });
});

/** The events of a stream as they come. */
async function* eventsOf(url: string): AsyncGenerator<{ type: string; data: Record<string, unknown> }> {
  const { body } = await fetch(url);
  let text = '';
  for await (const chunk of body ?? []) {
    text += Buffer.from(chunk).toString();
    const parts = text.split('\n\n');
    text = parts.pop() ?? '';
    for (const part of parts) {
      const [, type = '', data = '{}'] = /^event: (.*)\ndata: (.*)$/.exec(part) ?? [];
      yield { type, data: JSON.parse(data) };
    }
  }
}

describe('the server of the guide', () => {
  it('runs a job for a browser: file in, question, answer, result out, also after a restart', async () => {
    const started = await fetch(`${origin}/jobs?workflow=goal_lane.translation&name=../../resume.pdf`, {
      method: 'POST',
      body: '%PDF-1.4 a',
    });
    expect(started.status).toBe(202);
    const { id } = await started.json();
    const post = (slots: object): Promise<Response> =>
      fetch(`${origin}/jobs/${id}/answers`, { method: 'POST', body: JSON.stringify(slots) });
    const seen: string[] = [];
    let reported = '';
    for await (const { type, data } of eventsOf(`${origin}/jobs/${id}/events`)) {
      seen.push(type);
      reported += JSON.stringify(data);
      if (type === 'inputNeeded' && !seen.slice(0, -1).includes('inputNeeded')) {
        const refused = await post({ target_language: 'es' });
        expect(refused.status).toBe(422);
        expect(await refused.json()).toMatchObject({ fieldErrors: [{ field: 'target_language' }] });
        const accepted = await post({ target_language: 'de' });
        expect([accepted.status, await accepted.json()]).toEqual([200, { status: 'accepted' }]);
        expect((await post({ target_language: 'fr' })).status).toBe(409);
      }
      if (type === 'completed') break;
    }
    expect(seen[0]).toBe('view');
    expect(seen).toEqual(expect.arrayContaining(['created', 'inputNeeded', 'progress']));
    expect(reported).not.toContain('uploads/');
    expect(reported).not.toContain(emulator.storageUrl);
    const fetched = await fetch(`${origin}/jobs/${id}/result`);
    expect(fetched.headers.get('content-disposition')).toContain('output.zip');
    expect(
      Buffer.from(await fetched.arrayBuffer())
        .subarray(0, 2)
        .toString(),
    ).toBe('PK');
    const command = (type: string): Promise<Response> =>
      fetch(`${origin}/jobs/${id}/commands`, { method: 'POST', body: JSON.stringify({ type }) });
    expect([(await command('NONSENSE')).status, (await command('DETACH')).status]).toEqual([400, 202]);
    expect((await fetch(`${origin}/jobs/none`)).status).toBe(404);
    expect(server.printed().match(/\w*Error\b|Warning/g)).toEqual(['InvalidInputError']);

    server.child.kill('SIGKILL');
    await server.ended;
    await startServer();
    expect(await (await fetch(`${origin}/jobs/${id}`)).json()).toMatchObject({ state: 'completed' });
    for await (const { type, data } of eventsOf(`${origin}/jobs/${id}/events`)) {
      expect([type, data.state]).toEqual(['view', 'completed']);
      break;
    }
    expect((await fetch(`${origin}/jobs/${id}/result`)).status).toBe(200);
    expect((await post({ target_language: 'fr' })).status).toBe(409);
    expect(server.printed()).not.toMatch(/Error|Warning/);
  }, 30_000);

  it('ends in good order, and says nothing of an error', async () => {
    expect((await fetch(`${origin}/jobs/none`)).status).toBe(404);
    server.child.kill('SIGTERM');
    expect(await server.ended).toBe(0);
    expect(server.printed()).not.toMatch(/Error|Warning/);
  }, 30_000);
});
