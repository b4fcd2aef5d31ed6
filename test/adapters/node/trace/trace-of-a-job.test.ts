import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../../../src/adapters/emulator/index.js';
import { createNodeClient } from '../../../../src/adapters/node/create-node-client.js';
import { runGoalJob } from '../../../../src/adapters/node/run-goal-job.js';
import type { RequestReport } from '../../../../src/services/http/exchange.js';
import { json, serve } from '../../../support/http-server.js';
import { harFaults, readHar } from './har.js';

const KEY = 'key-of-nobody-0123456789';
const TITLE = 'Chief Parrot Officer';

let folder = '';
let emulator: Emulator;

/** Runs a job that writes to `name`; also counts how often the trace was whole when an exchange was reported. */
async function traced(name: string, values?: boolean) {
  const path = join(folder, name);
  const reports: RequestReport[] = [];
  let whole = 0;
  const job = runGoalJob({
    apiKey: emulator.apiKey,
    baseUrl: emulator.baseUrl,
    outDir: folder,
    workflowId: 'goal_lane.resume_tailor',
    files: [join(folder, 'resume.txt'), join(folder, 'job.txt')],
    answers: { confirmed_titles: TITLE },
    missingSlots: 'fail',
    trace: values === undefined ? path : { file: path, values },
    onRequest(report) {
      reports.push(report);
      if (harFaults(path).length === 0) whole += 1;
    },
  });
  expect((await job.result()).status).toBe('completed');
  return { path, reports, whole, har: readHar(path), text: readFileSync(path, 'utf8') };
}

let first: Awaited<ReturnType<typeof traced>>;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'goal-lane-trace-'));
  for (const name of ['resume.txt', 'job.txt']) writeFileSync(join(folder, name), `${name}\n`);
  emulator = await startEmulator({ speed: 50 });
  first = await traced('trace.har');
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

describe('the trace of a job', () => {
  it('is what the official schema of HAR 1.2 accepts after each write, and only its owner can read it', async () => {
    const { path, har, whole } = first;
    expect(harFaults(path)).toEqual([]);
    expect(har.log.entries.length).toBeGreaterThan(8);
    expect(whole).toBe(har.log.entries.length);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('says of each exchange which job it was for, where that stood, and the item version sent and got', () => {
    const { har, reports } = first;
    const slots = har.log.entries.find(({ request }) => request.method === 'PATCH');
    expect(slots?._goalLane).toMatchObject({ to: 'api', state: 'slot_needed.filling', attempt: 1 });
    const { itemVersionSent = Number.NaN, itemVersionGot = Number.NaN } = slots?._goalLane ?? {};
    expect(itemVersionGot).toBeGreaterThan(itemVersionSent);
    expect(har.log.entries.filter(({ _goalLane }) => _goalLane.to === 'storage')).toHaveLength(1);
    expect(reports.map(({ method, status }) => `${method} ${status}`)).toEqual(
      har.log.entries.map(({ request, response }) => `${request.method} ${response.status}`),
    );
    expect(reports.find(({ method }) => method === 'PATCH')).toMatchObject({
      itemVersionSent,
      itemVersionGot,
    });
  });

  it('holds neither key nor signature nor slot value, and a report no body', () => {
    const { text, reports } = first;
    expect(text).toContain('confirmed_titles');
    expect(text).not.toContain(emulator.apiKey);
    expect(text).not.toContain(TITLE);
    expect(text).not.toMatch(/signature=(?!\[)|X-Amz|token=(?!\[)|expires=\d/i);
    const reported = JSON.stringify(reports);
    for (const secret of [emulator.apiKey, TITLE, 'confirmed_titles', '?'])
      expect(reported).not.toContain(secret);
  });

  it('continues an existing trace, with slot values if requested, and still without the key', async () => {
    const { path, har, text } = await traced('trace.har', true);
    expect(har.log.entries.length).toBeGreaterThan(first.har.log.entries.length);
    expect(harFaults(path)).toEqual([]);
    expect(text).toContain(TITLE);
    expect(text).not.toContain(emulator.apiKey);
  });

  it('touches nothing that is no trace', () => {
    const letter = join(folder, 'letter.txt');
    writeFileSync(letter, 'Dear Sir or Madam', { mode: 0o644 });
    const link = join(folder, 'link.har');
    symlinkSync(letter, link);
    for (const path of [letter, link, folder]) {
      const run = () =>
        runGoalJob({ apiKey: emulator.apiKey, baseUrl: emulator.baseUrl, jobSpecId: 'job_1', trace: path });
      expect(run).toThrow(/the trace .* (is not a trace of goal-lane|cannot be written|is not a file)/);
    }
    expect(readFileSync(letter, 'utf8')).toBe('Dear Sir or Madam');
    expect(statSync(letter).mode & 0o777).toBe(0o644);
  });

  it('shows what got no reply with status 0 and the reason', async () => {
    const trace = join(folder, 'lost.har');
    const client = createNodeClient({ apiKey: KEY, baseUrl: 'http://127.0.0.1:9/api/v1', trace });
    await expect(client.loadCatalog({})).rejects.toThrow();
    client.close();
    const [entry] = readHar(trace).log.entries;
    expect(entry?.response).toMatchObject({ status: 0, _error: expect.stringMatching(/ECONNREFUSED/) });
    expect(harFaults(trace)).toEqual([]);
  });

  it('holds no secret that a reply repeats, in whatever header or field', async () => {
    const server = await serve((_, response) =>
      json(
        response,
        400,
        { error: `no ${KEY}`, url: `https://s.test/x?sig=${KEY}` },
        { 'Set-Cookie': 's=cookie-secret', Location: `/a?token=${KEY}` },
      ),
    );
    const trace = join(folder, 'planted.har');
    const client = createNodeClient({ apiKey: KEY, baseUrl: `${server.url}/api/v1`, trace });
    await expect(client.loadCatalog({})).rejects.toThrow();
    client.close();
    await server.close();
    expect(readHar(trace).log.entries).toHaveLength(1);
    expect(readFileSync(trace, 'utf8')).not.toMatch(new RegExp(`${KEY}|cookie-secret|${KEY.slice(0, 12)}`));
  });
});
