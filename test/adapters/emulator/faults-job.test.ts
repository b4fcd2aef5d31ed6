import { describe, expect, it } from 'vitest';
import { faultScene, MINUTE_MS } from './fault-scene.js';

const { time, emulator, call, script, create, newJob, confirm, fill, status, atCheckpoint, completed } =
  faultScene();

describe('what happens to the job meanwhile', () => {
  it('conflicts once, or several times in a row', async () => {
    const path = await newJob('goal_lane.styled_cover_letter');
    script({ on: 'slots', fault: { kind: 'version-conflict' }, nth: [1, 2] });
    expect((await fill(path, 1, 'tone', 'x')).status).toBe(409);
    expect((await fill(path, 2, 'tone', 'x')).body.message).toBe('itemVersion mismatch: expected 3, got 2');
    expect((await fill(path, 3, 'tone', 'x')).status).toBe(200);
  });

  it('has a second actor who answers the same checkpoint', async () => {
    const path = await atCheckpoint();
    script({ on: 'slots', fault: { kind: 'second-actor', does: 'answers-and-confirms' }, times: 1 });
    expect((await fill(path, 2, 'confirmed_titles', 'mine')).status).toBe(400);
    expect(await status(path)).toMatchObject({ status: 'executing' });
  });

  it('has a second actor who confirms first', async () => {
    const path = await newJob();
    script({ on: 'confirm', fault: { kind: 'second-actor', does: 'confirms' }, times: 1 });
    expect((await confirm(path)).body).toMatchObject({ error: 'invalid_transition', code: 400 });
    expect(await status(path)).toEqual({ status: 'confirming' });
  });

  it('has a second actor who gives our slot another value', async () => {
    const path = await newJob('goal_lane.styled_cover_letter');
    const values = { tone: 'casual' };
    script({ on: 'slots', fault: { kind: 'second-actor', does: 'sets-slots', values }, times: 1 });
    expect((await fill(path, 1, 'tone', 'formal')).status).toBe(409);
    const { slots, itemVersion } = (await call('GET', path)).body;
    expect(itemVersion).toBe(2);
    expect(slots.map((slot: { value: string }) => slot.value)).toEqual(['casual', 'theirs']);
  });

  it('expires the files before a create', async () => {
    script({ on: 'create', fault: { kind: 'file-expired' }, times: 1 });
    expect((await create('goal_lane.resume_tailor')).body.errors[0].message).toMatch(/expired/);
    expect((await create('goal_lane.resume_tailor')).status).toBe(201);
  });

  it.each(['pending', 'confirming'] as const)('lingers in %s', async (phase) => {
    const path = await newJob();
    script({ on: 'confirm', fault: { kind: 'lingering', phase, forMs: 20_000 } });
    await confirm(path);
    time.now += 19_000;
    expect(await status(path)).toEqual({ status: phase });
    expect((await confirm(path)).status).toBe(400);
    time.now += 5_000;
    expect((await status(path)).status).toMatch(/executing|slot_needed/);
  });

  it('stays at 99 for ever', async () => {
    const path = await newJob('goal_lane.styled_cover_letter');
    await fill(path, 1, 'tone', 'x');
    await fill(path, 2, 'length', 'x');
    script({ on: 'confirm', fault: { kind: 'stuck' } });
    await confirm(path, 3);
    time.now += 7 * 86_400_000;
    expect((await status(path)).status).toBe('executing');
    expect((await status(path)).progress).toBeGreaterThanOrEqual(90);
  });

  it('stalls, then continues', async () => {
    const path = await newJob();
    await confirm(path);
    time.now += 1_300;
    const { progress } = await status(path);
    script({ on: 'status', fault: { kind: 'stalled-progress', forMs: 60_000 }, times: 1 });
    await status(path);
    time.now += 59_000;
    expect(await status(path)).toMatchObject({ status: 'executing', progress });
    time.now += 10_000;
    expect((await status(path)).status).toBe('slot_needed');
  });

  it('runs backwards', async () => {
    const path = await newJob();
    await confirm(path);
    time.now += 3_500;
    const { progress } = await status(path);
    script({ on: 'status', fault: { kind: 'backwards-progress', byPercent: 25 } });
    expect((await status(path)).progress).toBe(progress - 25);
  });

  it('fails, or is forgotten', async () => {
    const failing = await newJob();
    await confirm(failing);
    time.now += 2_000;
    script({ on: 'status', fault: { kind: 'job-fails', error: 'out of memory' }, times: 1 });
    expect(await status(failing)).toEqual({ status: 'failed', error: 'out of memory' });
    script({ on: 'status', fault: { kind: 'job-lost' } });
    expect((await call('GET', `${failing}/status`)).status).toBe(404);
    expect((await call('GET', failing)).status).toBe(404);
  });

  it('asks the same checkpoint twice, the second time with a higher version', async () => {
    const path = await atCheckpoint();
    script({ on: 'confirm', fault: { kind: 'repeated-checkpoint' }, times: 1 });
    const answer = async (version: number): Promise<void> => {
      await fill(path, version, 'confirmed_titles', 'mine');
      await confirm(path, version + 1);
      time.now += MINUTE_MS;
    };
    const first = await status(path);
    await answer(2);
    const second = await status(path);
    expect(second.checkpoint).toEqual(first.checkpoint);
    expect([first.itemVersion, second.itemVersion]).toEqual([2, 4]);
    await answer(4);
    expect((await status(path)).status).toBe('completed');
  });
});

describe('readings and bodies that mislead', () => {
  it('shows the previous slot_needed again after its confirm, and older versions', async () => {
    const path = await atCheckpoint();
    const asked = await status(path);
    await fill(path, 2, 'confirmed_titles', 'mine');
    await confirm(path, 3);
    script({ on: ['status', 'job'], fault: { kind: 'stale-status' } });
    const stale = await status(path);
    expect(stale).toMatchObject({ status: 'slot_needed', itemVersion: 3 });
    expect((await call('GET', path)).body).toMatchObject({ status: 'slot_needed', itemVersion: 3 });
    emulator().faults.clear();
    script({ on: 'status', fault: { kind: 'stale-status', back: 2 } });
    expect(await status(path)).toEqual(asked);
    emulator().faults.clear();
    expect((await status(path)).status).toBe('executing');
  });

  it('uses words that the reference does not have', async () => {
    const path = await newJob();
    script({ on: 'status', fault: { kind: 'unknown-status', word: 'queued_for_gpu' } });
    expect((await status(path)).status).toBe('queued_for_gpu');
  });

  it('leaves out what is optional, and no more', async () => {
    script({ fault: { kind: 'missing-fields' } });
    const created = (await create('goal_lane.styled_cover_letter')).body;
    expect(created).toMatchObject({ itemVersion: 1, status: 'pending', slots: expect.any(Array) });
    const path = `/jobs/goal/${created.jobSpecId}`;
    expect((await fill(path, 1, 'tone', 'x')).body).not.toHaveProperty('itemVersion');
    expect((await call('GET', path)).body.itemVersion).toBe(2);
    const done = await completed();
    expect(Object.keys((await call('GET', `${done}/download`)).body)).toEqual(['url']);
  });

  it('leaves out the given fields', async () => {
    const path = await atCheckpoint();
    script({ on: 'status', fault: { kind: 'missing-fields', fields: ['stepOutputPreview'] } });
    expect((await status(path)).checkpoint).toEqual({
      checkpointId: 'profile_review',
      slots: [{ slotId: 'confirmed_titles', type: 'text' }],
    });
  });

  it('adds unknown fields', async () => {
    script({ fault: { kind: 'extra-fields' } });
    const [item] = (await call('GET', '/workflows/catalog')).body;
    expect(item).toMatchObject({ spec_id: 'goal_lane.cover_letter', trace_id: 'a1b2c3' });
  });

  it('spells the other way round', async () => {
    const path = await atCheckpoint();
    script({ fault: { kind: 'switched-spelling' } });
    expect(Object.keys((await call('GET', '/workflows/catalog')).body[0])).toEqual([
      'specId',
      'name',
      'description',
      'supportedInputFormats',
      'requiredSlots',
      'max_input_size_bytes',
      'min_file_count',
    ]);
    expect(await status(path)).toMatchObject({
      status: 'slot_needed',
      checkpoint: { checkpoint_id: 'profile_review', slots: [{ slot_id: 'confirmed_titles' }] },
      item_version: 2,
    });
  });

  it('confirms without a body', async () => {
    const path = await newJob();
    script({ on: 'confirm', fault: { kind: 'empty-body' } });
    expect(await confirm(path)).toMatchObject({ status: 202, body: undefined });
  });

  it('names the result so as to hurt', async () => {
    const path = await completed();
    const filename = '../../.ssh/authorized_keys';
    script({ on: 'download', fault: { kind: 'hostile-filename', filename } });
    expect((await call('GET', `${path}/download`)).body.filename).toBe(filename);
  });

  it('changes a body by hand', async () => {
    script({ on: 'catalog', fault: { kind: 'changed-body', change: (body) => ({ workflows: body }) } });
    expect((await call('GET', '/workflows/catalog')).body.workflows.length).toBeGreaterThan(5);
  });
});

describe('results that are not to be had', () => {
  it('gives a URL that has expired already, then a good one', async () => {
    const path = await completed();
    script({ on: 'download', fault: { kind: 'expired-url' }, nth: 1 });
    const url = async (): Promise<string> => (await call('GET', `${path}/download`)).body.url;
    const refused = await fetch(await url());
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining('expired')]);
    expect((await fetch(await url())).status).toBe(200);
  });

  it('lets a good URL expire', async () => {
    const { url } = (await call('GET', `${await completed()}/download`)).body;
    script({ on: 'storage', fault: { kind: 'expired-url' }, times: 1 });
    expect((await fetch(url)).status).toBe(403);
    expect((await fetch(url)).status).toBe(200);
  });

  it('ends the retention', async () => {
    const path = await completed();
    const { url } = (await call('GET', `${path}/download`)).body;
    script({ on: 'download', fault: { kind: 'retention-ended' }, times: 1 });
    expect((await call('GET', `${path}/download`)).status).toBe(410);
    expect((await fetch(url)).status).toBe(404);
  });

  it('changes the result between two ranges', async () => {
    const { url } = (await call('GET', `${await completed()}/download`)).body;
    const first = await fetch(url);
    const etag = first.headers.get('etag') ?? '';
    const bytes = Buffer.from(await first.arrayBuffer());
    script({ on: 'storage', fault: { kind: 'changed-result' }, times: 1 });
    const again = await fetch(url, { headers: { range: 'bytes=10-', 'if-range': etag } });
    expect([again.status, again.headers.get('etag') === etag]).toEqual([200, false]);
    expect(Buffer.from(await again.arrayBuffer()).equals(bytes)).toBe(false);
  });

  it('ignores a range', async () => {
    const { url } = (await call('GET', `${await completed()}/download`)).body;
    script({ on: 'storage', fault: { kind: 'range-ignored' } });
    expect((await fetch(url, { headers: { range: 'bytes=10-' } })).status).toBe(200);
  });
});
