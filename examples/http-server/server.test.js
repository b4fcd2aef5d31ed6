import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createGoalLane } from 'goal-lane';
import { startEmulator } from 'goal-lane/emulator';
import { createServer } from './server.js';

const folder = await mkdtemp(join(tmpdir(), 'example-http-'));
const emulator = await startEmulator({ speed: 50 });
const { apiKey, baseUrl } = emulator;
const lane = createGoalLane({ apiKey, baseUrl, outDir: (id) => join(folder, id) });
const app = createServer(lane, folder);
let origin = '';

before(async () => {
  origin = await app.listen({ port: 0, host: '127.0.0.1' });
});

after(async () => {
  await app.close();
  await lane.close();
  await emulator.close();
  await rm(folder, { recursive: true });
});

const post = (path, body) =>
  fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });

/** Reads the events of a job until one of a type has come, as a page's EventSource does. */
async function readUntil(id, type) {
  const gone = new AbortController();
  const { body } = await fetch(`${origin}/jobs/${id}/events`, { signal: gone.signal });
  let text = '';
  const events = () =>
    [...text.matchAll(/^event: (.*)\ndata: (.*)\n\n/gm)].map(([, name, data]) => ({
      name,
      data: JSON.parse(data),
    }));
  for await (const part of body.pipeThrough(new TextDecoderStream())) {
    text += part;
    if (events().some(({ name }) => name === type)) break;
  }
  gone.abort();
  return { text, events: events() };
}

test('a job over HTTP: started, asked, refused, answered, fetched', async () => {
  const started = await fetch(`${origin}/jobs/goal_lane.translation/letter.txt`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/octet-stream' },
    body: 'Dear Sir or Madam',
  });
  assert.equal(started.status, 201);
  const { id } = await started.json();
  await readUntil(id, 'inputNeeded');

  // A page that was reloaded finds the question in the view.
  const late = await readUntil(id, 'view');
  const { needs, request } = late.events[0].data;
  assert.deepEqual([needs, request.missing], ['slots', ['target_language']]);

  const refused = await post(`/jobs/${id}/slots`, { target_language: 'es' });
  assert.equal(refused.status, 422);
  assert.equal((await refused.json()).fieldErrors.length, 1);
  const accepted = await post(`/jobs/${id}/slots`, { target_language: 'de' });
  assert.equal(accepted.status, 200);

  const { text, events } = await readUntil(id, 'completed');
  assert.equal(events.at(-1).data.saved.verified, true);
  assert.doesNotMatch(`${text}${late.text}`, new RegExp(`Signature|${folder}|${apiKey}`));

  const result = Buffer.from(await (await fetch(`${origin}/jobs/${id}/result`)).arrayBuffer());
  assert.equal(result.subarray(0, 2).toString(), 'PK');
  assert.equal((await fetch(`${origin}/jobs/nobody/events`)).status, 404);
});
