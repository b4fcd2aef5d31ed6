import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Emulator, startEmulator } from '../../../src/adapters/emulator/index.js';
import { type Call, callServer, fileForm } from './api-client.js';
import { readZip } from './read-zip.js';

const START = Date.UTC(2026, 2, 30, 12);

describe('the examples of the API reference, over HTTP', () => {
  let now = START;
  let emulator: Emulator;
  let call: Call;

  beforeEach(async () => {
    now = START;
    emulator = await startEmulator({ clock: { now: () => now } });
    call = callServer(emulator.baseUrl, emulator.apiKey);
  });
  afterEach(() => emulator.close());

  const upload = async (name: string, content: string): Promise<string> =>
    (await call('POST', '/upload', fileForm(name, content))).body.file_id;

  it('lists the catalog with the fields of Step 1, in their mixed spelling', async () => {
    const { status, body } = await call('GET', '/workflows/catalog');
    expect(status).toBe(200);
    expect(body.length).toBeGreaterThanOrEqual(6);
    expect(body[0]).toEqual({
      spec_id: 'goal_lane.cover_letter',
      name: expect.any(String),
      description: expect.any(String),
      supported_input_formats: ['pdf', 'docx', 'txt', 'md'],
      required_slots: [],
      maxInputSizeBytes: 10 * 1024 * 1024,
      minFileCount: 2,
    });
  });

  it('runs the full flow example, and the ZIP holds the uploaded bytes', async () => {
    const fileIds = [await upload('resume.md', '# Résumé'), await upload('jd.txt', 'Wanted: an engineer')];
    const created = await call('POST', '/jobs/goal', { workflowId: 'goal_lane.cover_letter', fileIds });
    expect(created.body).toMatchObject({ status: 'pending', slots: [], itemVersion: 1 });
    const path = `/jobs/goal/${created.body.jobSpecId}`;
    const confirmed = await call('POST', `${path}/confirm`, { itemVersion: 1 });
    expect(confirmed.status).toBe(202);
    expect((await call('GET', `${path}/status`)).body).toEqual({ status: 'confirming' });
    now += 300 + 0.45 * 8_000;
    expect((await call('GET', `${path}/status`)).body).toEqual({
      status: 'executing',
      progress: 45,
      currentStep: 'generating_output',
    });
    now += 8_000;
    expect((await call('GET', `${path}/status`)).body).toEqual({ status: 'completed' });

    const { body: download } = await call('GET', `${path}/download`);
    expect(download).toEqual({
      url: expect.stringMatching(
        new RegExp(`/convilyn-results/${created.body.jobSpecId}/output\\.zip\\?X-Amz-`),
      ),
      expiresAt: new Date(now + 3_600_000).toISOString().replace(/\.\d+Z/, 'Z'),
      filename: 'output.zip',
    });
    const result = await fetch(download.url);
    expect(result.status).toBe(200);
    const files = await readZip(Buffer.from(await result.arrayBuffer()));
    expect(files.get('resume.md')?.toString()).toBe('# Résumé');
    expect(files.get('jd.txt')?.toString()).toBe('Wanted: an engineer');
    const manifest = JSON.parse(files.get('manifest.json')?.toString() ?? '');
    expect(manifest.files[0]).toEqual({
      name: 'resume.md',
      size: 10,
      sha256: createHash('sha256').update('# Résumé').digest('hex'),
      included: true,
    });
  });

  it('fills slots and raises the version as Steps 4 and 5 show', async () => {
    const fileIds = [await upload('resume.pdf', 'x')];
    const workflowId = 'goal_lane.styled_cover_letter';
    const { body: job } = await call('POST', '/jobs/goal', { workflowId, fileIds });
    const path = `/jobs/goal/${job.jobSpecId}`;
    const slots = [
      { slotId: 'tone', value: 'professional' },
      { slotId: 'length', value: 'one_page' },
    ];
    const patched = await call('PATCH', `${path}/slots`, { itemVersion: 1, slots });
    expect(patched.body).toMatchObject({ itemVersion: 2, status: 'pending', slots });
    expect((await call('POST', `${path}/confirm`, { itemVersion: 2 })).status).toBe(202);
  });

  it('stops at a checkpoint as Step 7 shows, and continues from it', async () => {
    const fileIds = [await upload('resume.pdf', 'x')];
    const workflowId = 'goal_lane.resume_tailor';
    const { body: job } = await call('POST', '/jobs/goal', { workflowId, fileIds });
    const path = `/jobs/goal/${job.jobSpecId}`;
    await call('POST', `${path}/confirm`, { itemVersion: 1 });
    now += 4_300;
    expect((await call('GET', `${path}/status`)).body).toEqual({
      status: 'slot_needed',
      checkpoint: {
        checkpointId: 'profile_review',
        stepOutputPreview: 'Detected roles: Senior Engineer, Tech Lead...',
        slots: [{ slotId: 'confirmed_titles', type: 'text' }],
      },
      itemVersion: 2,
    });
    const slots = [{ slotId: 'confirmed_titles', value: 'Tech Lead' }];
    const patched = await call('PATCH', `${path}/slots`, { itemVersion: 2, slots });
    expect(patched.body.itemVersion).toBe(3);
    await call('POST', `${path}/confirm`, { itemVersion: 3 });
    expect((await call('GET', `${path}/status`)).body).toMatchObject({ status: 'executing', progress: 50 });
    now += 4_000;
    expect((await call('GET', `${path}/status`)).body.status).toBe('completed');
  });

  it('words a conflict as the reference does', async () => {
    const fileIds = [await upload('resume.pdf', 'x')];
    const workflowId = 'goal_lane.styled_cover_letter';
    const { body: job } = await call('POST', '/jobs/goal', { workflowId, fileIds });
    const path = `/jobs/goal/${job.jobSpecId}`;
    const patch = (itemVersion: number): ReturnType<Call> =>
      call('PATCH', `${path}/slots`, { itemVersion, slots: [{ slotId: 'tone', value: `v${itemVersion}` }] });
    for (const version of [1, 2, 3, 4]) await patch(version);
    expect(await patch(3)).toMatchObject({
      status: 409,
      body: { error: 'version_conflict', message: 'itemVersion mismatch: expected 5, got 3', code: 409 },
    });
    expect((await call('GET', path)).body.itemVersion).toBe(5);
    expect((await patch(5)).status).toBe(200);
  });
});
