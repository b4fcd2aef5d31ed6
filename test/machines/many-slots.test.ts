import { expect, it } from 'vitest';
import { newJob, runScripted } from '../support/run-scripted.js';
import { failure, job, workflow } from '../support/scripted-ports.js';

const many = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ slotId: `slot_${at}`, type: 'text', required: true }));

it('a job with more slots than are read is not confirmed before a person says so', async () => {
  const slots = many(1_001).map((slot) => ({ ...slot, required: false }));
  const { events, names, handle, proceed } = await runScripted({ createJob: [job({ slots })] });
  expect(events.at(-1)).toMatchObject({
    type: 'inputNeeded',
    request: { fieldErrors: [{ field: '', message: expect.stringContaining('more than 1000 slots') }] },
  });
  expect(names()).not.toContain('confirmJob');
  handle.submitSlots({});
  await proceed();
  expect(names()).toContain('confirmJob');
});

it('what is missing of many slots is counted, not listed', async () => {
  const { handle } = await runScripted(
    { createJob: [job({ slots: many(1_000) })] },
    { ...newJob, missingSlots: 'fail' },
  );
  const output = await handle.result();
  const failure = output.status === 'detached' ? output.failure : undefined;
  expect(failure?.findings).toHaveLength(50);
  expect(failure?.message).toMatch(/slot slot_0: a value is needed; .* and 951 more$/);
});

it('a catalog of thousands is not listed to who names a workflow that is not in it', async () => {
  const catalog = Array.from({ length: 5_000 }, (_, at) =>
    workflow({ specId: `wf_${at}_${'x'.repeat(500)}` }),
  );
  const { handle } = await runScripted({ loadCatalog: [catalog] });
  const output = await handle.result();
  expect(JSON.stringify(output).length).toBeLessThan(15_000);
  expect(output).toMatchObject({ failure: { advice: expect.stringContaining('and 4951 more') } });
});

it('the count of the complaints that are left out is about no slot', async () => {
  const fieldErrors = [
    { field: 'tone', message: 'no' },
    { field: '', message: 'and 49951 more' },
  ];
  const { events } = await runScripted(
    {
      createJob: [job({ slots: [{ slotId: 'tone', type: 'text', required: true }] })],
      fillSlots: [failure('validation', { fieldErrors })],
    },
    { ...newJob, answers: { tone: 'x' } },
  );
  expect(events.at(-1)).toMatchObject({ type: 'inputNeeded', request: { fieldErrors } });
});
