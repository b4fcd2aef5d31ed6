import { describe, expect, it } from 'vitest';
import { newJob, runScripted } from '../support/run-scripted.js';
import { failure, job, reading, workflow } from '../support/scripted-ports.js';

const tone = { slotId: 'tone', type: 'text', required: true };
const titles = { slotId: 'titles', type: 'text', required: true };
const review = (more = {}) =>
  reading('slot_needed', {
    checkpoint: { checkpointId: 'review', stepOutputPreview: 'p', slots: [titles] },
    itemVersion: 3,
    ...more,
  });

describe('the main job', () => {
  it('goes from files to a saved result', async () => {
    const run = await runScripted({});
    expect(await run.handle.result()).toMatchObject({
      status: 'completed',
      jobSpecId: 'job_1',
      saved: { file: '/out/output.zip' },
    });
    expect(run.names()).toEqual([
      'inspectFiles',
      'loadCatalog',
      'uploadFile',
      'createJob',
      'confirmJob',
      'getStatus',
      'getStatus',
      'getDownload',
      'saveResult',
    ]);
  });

  it('reads the status every 2 s, counted from the last read', async () => {
    const run = await runScripted({
      getStatus: [reading('executing'), reading('executing'), reading('completed')],
    });
    const reads = run.calls.filter((call) => call.name === 'getStatus').map((call) => call.at);
    expect(reads.slice(1).map((at, index) => at - (reads[index] ?? 0))).toEqual([2_000, 2_000]);
  });

  it('fills what is known and asks for what is missing', async () => {
    const run = await runScripted(
      {
        loadCatalog: [[workflow({ requiredSlots: [tone, titles] })]],
        createJob: [job({ slots: [tone, titles] })],
      },
      { ...newJob, slots: { tone: 'warm' } },
    );
    expect(run.handle.view().path).toBe('pending.awaitingSlots');
    expect(run.events.at(-1)).toMatchObject({
      type: 'inputNeeded',
      request: { missing: ['titles'], values: { tone: 'warm' } },
    });
    run.handle.submitSlots({ titles: 'Engineer' });
    await run.proceed();
    expect(run.inputs('fillSlots')).toEqual([
      {
        jobSpecId: 'job_1',
        itemVersion: 1,
        slots: [
          { slotId: 'tone', value: 'warm' },
          { slotId: 'titles', value: 'Engineer' },
        ],
      },
    ]);
    expect(run.inputs('confirmJob')).toEqual([{ jobSpecId: 'job_1', itemVersion: 2 }]);
    expect((await run.handle.result()).status).toBe('completed');
  });

  it('answers two checkpoints in a row, a list of answers in turn', async () => {
    const run = await runScripted(
      {
        getStatus: [
          reading('executing'),
          review(),
          reading('executing'),
          review({ itemVersion: 6 }),
          reading('completed'),
        ],
        fillSlots: [
          { jobSpecId: 'job_1', itemVersion: 4 },
          { jobSpecId: 'job_1', itemVersion: 7 },
        ],
      },
      { ...newJob, answers: { titles: ['one', 'two'] } },
    );
    expect(run.inputs('fillSlots')).toEqual([
      { jobSpecId: 'job_1', itemVersion: 3, slots: [{ slotId: 'titles', value: 'one' }] },
      { jobSpecId: 'job_1', itemVersion: 6, slots: [{ slotId: 'titles', value: 'two' }] },
    ]);
    expect(run.inputs('confirmJob').map((input) => input)).toEqual(
      [1, 4, 7].map((itemVersion) => ({ jobSpecId: 'job_1', itemVersion })),
    );
    expect((await run.handle.result()).status).toBe('completed');
  });

  it('takes the server at its word when the job fails', async () => {
    const run = await runScripted({ getStatus: [reading('failed', { error: 'no text found' })] });
    expect(await run.handle.result()).toMatchObject({
      status: 'failed',
      jobSpecId: 'job_1',
      failure: { kind: 'job-failed', message: 'no text found' },
    });
  });

  it('waits for CONFIRM when the host wants to say it', async () => {
    const run = await runScripted({}, { ...newJob, confirm: 'manual' });
    expect(run.handle.view().path).toBe('pending.awaitingConfirm');
    expect(run.names()).not.toContain('confirmJob');
    run.handle.confirm();
    await run.proceed();
    expect((await run.handle.result()).status).toBe('completed');
  });

  it('attaches to a job wherever it is', async () => {
    const run = await runScripted(
      { getJob: [job({ status: 'executing', itemVersion: 2 })] },
      { jobSpecId: 'job_1' },
    );
    expect(run.names()).toEqual(['getJob', 'getStatus', 'getStatus', 'getDownload', 'saveResult']);
  });
});

describe('bad input', () => {
  it.each([
    ['an extension', { inspectFiles: [[{ handle: 'a.exe', name: 'a.exe', bytes: 1 }]] }, /a\.exe.*\.txt/],
    ['too few files', { loadCatalog: [[workflow({ minFileCount: 2 })]] }, /1 file.*at least 2/],
    ['too many bytes', { loadCatalog: [[workflow({ maxInputSizeBytes: 2 })]] }, /a\.txt.*3 bytes.*at most 2/],
    ['an unknown workflow', { loadCatalog: [[workflow({ specId: 'other' })]] }, /wf is not in the catalog/],
  ])('is refused before anything is sent: %s', async (_, answers, message) => {
    const run = await runScripted(answers);
    const output = await run.handle.result();
    expect(output).toMatchObject({ status: 'failed', failure: { kind: 'invalid-input' } });
    expect(output.status === 'failed' && output.failure.message).toMatch(message);
    expect(run.names()).toEqual(['inspectFiles', 'loadCatalog']);
  });

  it('names unknown slots and, without a person to ask, missing slots', async () => {
    const catalog = { loadCatalog: [[workflow({ requiredSlots: [tone] })]] };
    const unknown = await runScripted(catalog, { ...newJob, slots: { tonne: 'x' } });
    expect(await unknown.handle.result()).toMatchObject({
      status: 'failed',
      failure: { findings: [expect.stringContaining('tonne')] },
    });
    const missing = await runScripted(catalog, { ...newJob, missingSlots: 'fail' });
    expect(await missing.handle.result()).toMatchObject({
      status: 'detached',
      reason: 'input-needed',
      failure: { findings: [expect.stringContaining('tone')] },
    });
    expect(missing.names()).toEqual(['inspectFiles', 'loadCatalog']);
  });
});

describe('law 1: never twice', () => {
  it('stands in outcomeUnknown when the reply to a create is lost', async () => {
    const run = await runScripted({ createJob: [failure('network', { delivery: 'unknown' }), job()] });
    expect(run.handle.view()).toMatchObject({ path: 'preparing.outcomeUnknown', tags: ['user-input'] });
    run.handle.send({ type: 'RETRY' });
    await run.proceed();
    expect((await run.handle.result()).status).toBe('completed');
    expect(run.inputs('createJob')).toHaveLength(2);
  });

  it('adopts the job that was found', async () => {
    const run = await runScripted({
      createJob: [failure('server', { delivery: 'unknown' })],
      getJob: [job({ jobSpecId: 'job_9', status: 'executing' })],
    });
    run.handle.send({ type: 'ADOPT', jobSpecId: 'job_9' });
    await run.proceed();
    expect(await run.handle.result()).toMatchObject({ status: 'completed', jobSpecId: 'job_9' });
    expect(run.inputs('createJob')).toHaveLength(1);
  });

  it.each(['retry', 'fail'] as const)('lets the policy %s decide', async (onUnknownOutcome) => {
    const run = await runScripted(
      { createJob: [failure('network', { delivery: 'unknown' }), job()] },
      { ...newJob, onUnknownOutcome },
    );
    const output = await run.handle.result();
    if (onUnknownOutcome === 'retry') expect(output.status).toBe('completed');
    else
      expect(output).toMatchObject({
        status: 'detached',
        reason: 'outcome-unknown',
        failure: { kind: 'outcome-unknown' },
      });
  });

  it('repeats a create that was certainly not delivered', async () => {
    const run = await runScripted({ createJob: [failure('network', { delivery: 'not-sent' }), job()] });
    expect((await run.handle.result()).status).toBe('completed');
    expect(run.inputs('createJob')).toHaveLength(2);
  });

  it('uploads expired files again, once', async () => {
    const gone = failure('validation', {
      fieldErrors: [{ field: 'fileIds', message: 'file_1 has expired' }],
    });
    const run = await runScripted({ createJob: [gone, job()] });
    expect((await run.handle.result()).status).toBe('completed');
    expect(run.inputs('uploadFile')).toHaveLength(2);
    const twice = await runScripted({ createJob: [gone] });
    expect(await twice.handle.result()).toMatchObject({ status: 'failed', failure: { kind: 'validation' } });
    expect(twice.inputs('uploadFile')).toHaveLength(2);
  });
});

describe('law 2: never stale', () => {
  it('re-reads after a 409 and sends the new version', async () => {
    const run = await runScripted({
      confirmJob: [failure('version-conflict'), { jobSpecId: 'job_1' }],
      getJob: [job({ itemVersion: 5 })],
    });
    expect((await run.handle.result()).status).toBe('completed');
    expect(run.inputs('confirmJob')).toEqual([
      { jobSpecId: 'job_1', itemVersion: 1 },
      { jobSpecId: 'job_1', itemVersion: 5 },
    ]);
    expect(run.events.map((event) => event.type)).toContain('conflictResolved');
  });

  it('does not take a re-read without a status for a job that has not started: the checkpoint stays open', async () => {
    const run = await runScripted(
      {
        getStatus: [review(), review({ itemVersion: 5 }), reading('completed')],
        fillSlots: [failure('version-conflict'), { jobSpecId: 'job_1', itemVersion: 6 }],
        getJob: [job({ status: 'pending', statusWord: '', itemVersion: 5 })],
      },
      { ...newJob, answers: { titles: 'Engineer' } },
    );
    expect((await run.handle.result()).status).toBe('completed');
    const slots = [{ slotId: 'titles', value: 'Engineer' }];
    expect(run.inputs('fillSlots')).toEqual([
      { jobSpecId: 'job_1', itemVersion: 3, slots },
      { jobSpecId: 'job_1', itemVersion: 5, slots },
    ]);
    expect(run.inputs('confirmJob').at(-1)).toEqual({ jobSpecId: 'job_1', itemVersion: 6 });
  });

  it('takes a 400 after a lost confirm as news', async () => {
    const run = await runScripted({
      confirmJob: [failure('network', { delivery: 'unknown' })],
      getJob: [job({ status: 'executing', itemVersion: 2 })],
    });
    expect((await run.handle.result()).status).toBe('completed');
    expect(run.inputs('confirmJob')).toHaveLength(1);
  });

  it('ignores an older reading and the question it has just answered', async () => {
    const run = await runScripted(
      {
        getStatus: [
          review(),
          review({ itemVersion: 3 }),
          review({ itemVersion: 4 }),
          reading('executing'),
          reading('completed'),
        ],
        fillSlots: [{ jobSpecId: 'job_1', itemVersion: 4 }],
      },
      { ...newJob, answers: { titles: ['one', 'two'] } },
    );
    expect((await run.handle.result()).status).toBe('completed');
    expect(run.inputs('fillSlots')).toHaveLength(1);
  });

  it('shows the value of another actor instead of overwriting it', async () => {
    const theirs = job({
      status: 'slot_needed',
      itemVersion: 4,
      checkpoint: { checkpointId: 'review', slots: [{ ...titles, value: 'theirs' }] },
    });
    const run = await runScripted(
      {
        getStatus: [review(), reading('completed')],
        fillSlots: [failure('version-conflict'), { jobSpecId: 'job_1', itemVersion: 5 }],
        getJob: [theirs],
      },
      { ...newJob, answers: { titles: 'ours' } },
    );
    expect(run.handle.view().path).toBe('slot_needed.awaitingSlots');
    expect(run.events.at(-1)).toMatchObject({
      type: 'inputNeeded',
      request: { conflicts: [{ slotId: 'titles', ours: 'ours', theirs: 'theirs' }] },
    });
    run.handle.submitSlots({ titles: 'ours' });
    await run.proceed();
    expect((await run.handle.result()).status).toBe('completed');
    expect(run.inputs('fillSlots').at(-1)).toMatchObject({
      itemVersion: 4,
      slots: [{ slotId: 'titles', value: 'ours' }],
    });
  });

  it('gives up on a 400 that stays', async () => {
    const run = await runScripted({
      confirmJob: [failure('invalid-transition')],
      getJob: [job()],
      getStatus: [reading('pending')],
    });
    expect(await run.handle.result()).toMatchObject({
      status: 'detached',
      reason: 'unreachable',
      failure: { kind: 'invalid-transition' },
    });
    expect(run.inputs('confirmJob').length).toBeLessThan(10);
  });

  it('watches a job whose confirm is refused while it is shown as pending: somebody else confirmed', async () => {
    const run = await runScripted({
      confirmJob: [failure('invalid-transition')],
      getStatus: [reading('pending'), reading('pending'), reading('executing'), reading('completed')],
    });
    expect((await run.handle.result()).status).toBe('completed');
    expect(run.inputs('confirmJob')).toHaveLength(1);
  });

  it('takes a 400 after a lost reply of the confirm as its success', async () => {
    const run = await runScripted({
      confirmJob: [failure('server', { delivery: 'unknown' }), failure('invalid-transition')],
      getStatus: [reading('pending'), reading('executing'), reading('completed')],
    });
    expect((await run.handle.result()).status).toBe('completed');
    expect(run.inputs('confirmJob')).toHaveLength(2);
  });
});

describe('422 on slots', () => {
  it('goes back to the person with the field errors, keeping what was typed', async () => {
    const refusal = failure('validation', {
      fieldErrors: [{ field: 'slots[0].value', message: 'too short' }],
    });
    const run = await runScripted(
      { createJob: [job({ slots: [tone] })], fillSlots: [refusal, { jobSpecId: 'job_1', itemVersion: 2 }] },
      { ...newJob, slots: { tone: 'x' } },
    );
    expect(run.events.at(-1)).toMatchObject({
      type: 'inputNeeded',
      request: { values: { tone: 'x' }, fieldErrors: [{ field: 'tone', message: 'too short' }] },
    });
    run.handle.submitSlots({ tone: 'warm' });
    await run.proceed();
    expect((await run.handle.result()).status).toBe('completed');
  });
});

describe('waits', () => {
  it('waits for the reset of a limit and says why it is slow', async () => {
    const until = Date.UTC(2026, 2, 30, 12, 5);
    const run = await runScripted({ createJob: [failure('rate-limited', { retryAt: until }), job()] });
    expect(run.events).toContainEqual(expect.objectContaining({ type: 'rateLimited', until }));
    expect(
      run.calls.filter((call) => call.name === 'createJob').map((call) => call.at)[1],
    ).toBeGreaterThanOrEqual(until);
    expect((await run.handle.result()).status).toBe('completed');
  });

  it('detaches at once when a wait is longer than the deadline', async () => {
    const start = Date.UTC(2026, 2, 30, 12);
    const run = await runScripted(
      { createJob: [failure('rate-limited', { retryAt: start + 86_400_000 })] },
      { ...newJob, deadlineAt: start + 60_000 },
    );
    expect(await run.handle.result()).toMatchObject({ status: 'detached', reason: 'max-wait' });
    expect(run.clock.now()).toBeLessThan(start + 60_000);
  });

  it('detaches when a job stays at 99 for ever', async () => {
    const deadlineAt = Date.UTC(2026, 2, 30, 13);
    const run = await runScripted(
      { getStatus: [reading('executing', { progress: 99 })] },
      { ...newJob, deadlineAt },
    );
    expect(await run.handle.result()).toMatchObject({
      status: 'detached',
      reason: 'max-wait',
      jobSpecId: 'job_1',
    });
  });

  it('gives up on a server that stays unusable, and the job can be found again', async () => {
    const run = await runScripted({ getStatus: [failure('server', { delivery: 'unknown' })] });
    expect(await run.handle.result()).toMatchObject({
      status: 'detached',
      reason: 'unreachable',
      jobSpecId: 'job_1',
      failure: { kind: 'server' },
    });
    expect(run.inputs('getStatus')).toHaveLength(8);
  });

  it('asks for a fresh URL when storage refuses the first', async () => {
    const run = await runScripted({ saveResult: [failure('gone'), { file: 'x', bytes: 1, sha256: 'y' }] });
    expect((await run.handle.result()).status).toBe('completed');
    expect(run.inputs('getDownload')).toHaveLength(2);
  });

  it('leaves no timer behind when it detaches', async () => {
    const run = await runScripted({ createJob: [job({ slots: [tone] })] });
    const output = await run.handle.detach();
    expect(output).toMatchObject({ status: 'detached', reason: 'requested', jobSpecId: 'job_1' });
    expect(run.clock.pending()).toBe(0);
  });
});
