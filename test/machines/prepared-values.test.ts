import { describe, expect, it } from 'vitest';
import type { SlotDefinition } from '../../src/services/wire/wire-types.js';
import { newJob, runScripted } from '../support/run-scripted.js';
import { failure, job, workflow } from '../support/scripted-ports.js';

const slot = (type: string, more: Partial<SlotDefinition> = {}): SlotDefinition => ({
  slotId: 'tags',
  type,
  required: true,
  ...more,
});

async function sentFor(definition: SlotDefinition, answer: unknown, fillSlots?: object) {
  const answers = { tags: answer as string };
  const script = { createJob: [job({ slots: [definition] })], ...fillSlots };
  const { inputs, handle } = await runScripted(script, { ...newJob, answers });
  const slots = inputs('fillSlots').map((input) => (input as { slots: readonly { value: unknown }[] }).slots);
  return { values: slots.map((list) => list.map(({ value }) => value)), view: handle.view() };
}

describe('a list of answers', () => {
  it.each([
    ['text', ['a', 'b'], 'a'],
    ['list', ['a', 'b'], ['a', 'b']],
    ['multi_select', ['a', 'b'], ['a', 'b']],
    ['array', [['a', 'b'], ['c']], ['a', 'b']],
    ['array', [['a'], 'c'], ['a']],
  ])('for a slot of type %s: %j sends %j', async (type, answer, value) => {
    expect((await sentFor(slot(type), answer)).values).toEqual([[value]]);
  });

  it('continues with the next list if the first is refused, and asks if there was only one', async () => {
    const refused = failure('validation', { fieldErrors: [{ field: 'tags', message: 'no' }] });
    const fillSlots = [refused, { jobSpecId: 'job_1', itemVersion: 2 }];
    const two = await sentFor(slot('list'), [['a'], ['b', 'c']], { fillSlots });
    expect(two.values).toEqual([[['a']], [['b', 'c']]]);
    const one = await sentFor(slot('list'), ['a', 'b'], { fillSlots });
    expect([one.values, one.view.path]).toEqual([[[['a', 'b']]], 'pending.awaitingSlots']);
  });
});

describe('a list of nothing', () => {
  it.each([[[]], [['']], [[null]], [[[]]], [[[], ['']]]].map(([answer]) => [JSON.stringify(answer), answer]))(
    'for a required slot is no value: %s',
    async (_name, answer) => {
      const { values, view } = await sentFor(slot('string[]'), answer);
      expect([values, view.path]).toEqual([[], 'pending.awaitingSlots']);
    },
  );

  it('for an optional slot is sent, to say that nothing of it is wanted', async () => {
    expect((await sentFor(slot('string[]', { required: false }), [])).values).toEqual([[[]]]);
  });

  it('that a person submits, or that the server holds, leaves the slot missing', async () => {
    const script = { createJob: [job({ slots: [slot('list', { value: [] })] })] };
    const { handle, names } = await runScripted(script, newJob);
    expect(handle.view()).toMatchObject({ path: 'pending.awaitingSlots' });
    expect(await handle.submitSlots({ tags: [] })).toMatchObject({
      status: 'open',
      request: { missing: ['tags'] },
    });
    expect(names()).not.toContain('confirmJob');
  });

  it('is refused before anything is uploaded where no person can be asked', async () => {
    const { handle, names } = await runScripted(
      { loadCatalog: [[workflow({ requiredSlots: [slot('list')] })]] },
      { ...newJob, slots: { tags: [] }, missingSlots: 'fail' },
    );
    expect(await handle.result()).toMatchObject({ status: 'detached', reason: 'input-needed' });
    expect(names()).not.toContain('uploadFile');
  });
});

describe('null', () => {
  it('for an optional slot is not sent', async () => {
    const { values, view } = await sentFor(slot('text', { required: false }), null);
    expect([values, view.state]).toEqual([[], 'completed']);
  });

  it('takes back what the server holds', async () => {
    const held = slot('text', { required: false, value: 'theirs' });
    expect((await sentFor(held, null)).values).toEqual([[null]]);
  });

  it('for a required slot is no value', async () => {
    const { values, view } = await sentFor(slot('text'), null);
    expect([values, view.path]).toEqual([[], 'pending.awaitingSlots']);
  });
});
