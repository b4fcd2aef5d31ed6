import { describe, expect, it } from 'vitest';
import type { JobCommand } from '../../src/machines/job-events.js';
import type { JobOptions } from '../../src/machines/job-input.js';
import { preparedValue } from '../../src/machines/question/question.js';
import { runScripted } from '../support/run-scripted.js';
import { failure, job } from '../support/scripted-ports.js';

const asking = { createJob: [job({ slots: [{ slotId: 'tone', type: 'text', required: true }] })] };

/** Boundary: what a host in JavaScript may send. */
const odd = (command: unknown): JobCommand => command as JobCommand;

const cyclic: unknown[] = [];
cyclic.push(cyclic);

const SUBMISSIONS: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['undefined', undefined],
  ['a list', ['x']],
  ['text', 'x'],
  ['a BigInt', { tone: 1n }],
  ['a Map', new Map([['tone', 'warm']])],
  ['a Date', new Date(0)],
  ['a function', { tone: () => 'x' }],
  ['a symbol', { tone: Symbol('x') }],
  ['NaN', { tone: Number.NaN }],
  ['an object', { tone: { a: 1 } }],
  ['a cycle', { tone: cyclic }],
];

describe.each(SUBMISSIONS)('%s, submitted', (_, slots) => {
  it('is reported to the caller, and the job keeps asking', async () => {
    const { handle, proceed, names } = await runScripted(asking);
    expect(() => handle.send(odd({ type: 'SUBMIT_SLOTS', slots }))).toThrow(/allowed is|give an object/);
    expect(handle.view()).toMatchObject({ path: 'pending.awaitingSlots' });
    handle.submitSlots({ tone: 'warm' });
    await proceed();
    expect(names()).toContain('saveResult');
  });

  it('is asked for again where it is sent past the handle', async () => {
    const { handle, proceed, events, inputs } = await runScripted(asking);
    handle.actor.send(odd({ type: 'SUBMIT_SLOTS', slots }));
    expect(handle.view()).toMatchObject({ path: 'pending.awaitingSlots' });
    const last = events.at(-1);
    expect(last).toMatchObject({ type: 'inputNeeded', request: { missing: ['tone'] } });
    expect(last?.type === 'inputNeeded' && last.request.fieldErrors).toHaveLength(1);
    handle.submitSlots({ tone: 'warm' });
    await proceed();
    expect(inputs('fillSlots')).toMatchObject([{ slots: [{ slotId: 'tone', value: 'warm' }] }]);
    expect(handle.view().state).toBe('completed');
  });
});

it('keeps what the server had said of the values, and says what is wrong with the submission once', async () => {
  const refused = failure('validation', { fieldErrors: [{ field: 'tone', message: 'too warm' }] });
  const { handle, events, proceed } = await runScripted({ ...asking, fillSlots: [refused] });
  handle.submitSlots({ tone: 'hot' });
  await proceed();
  handle.actor.send(odd({ type: 'SUBMIT_SLOTS', slots: null }));
  handle.actor.send(odd({ type: 'SUBMIT_SLOTS', slots: null }));
  expect(events.at(-1)).toMatchObject({
    request: {
      values: { tone: 'hot' },
      fieldErrors: [
        { field: 'tone', message: 'too warm' },
        { field: '', message: expect.stringContaining('null') },
      ],
    },
  });
});

it('keeps the sound values of a submission of which one is not', async () => {
  const slots = ['tone', 'length'].map((slotId) => ({ slotId, type: 'text', required: true }));
  const { handle, events } = await runScripted({ createJob: [job({ slots })] });
  handle.actor.send(odd({ type: 'SUBMIT_SLOTS', slots: { tone: 'warm', length: 1n } }));
  expect(events.at(-1)).toMatchObject({
    request: { missing: ['length'], values: { tone: 'warm' }, fieldErrors: [{ field: 'length' }] },
  });
});

describe('a job whose create has an unknown outcome', () => {
  const unknown = {
    createJob: [failure('network', { delivery: 'unknown' })],
    getJob: [job({ status: 'executing' })],
  };

  it.each([
    [{}],
    [{ jobSpecId: {} }],
    [{ jobSpecId: '' }],
    [{ jobSpecId: ' ' }],
    [{ jobSpecId: '..' }],
    [{ jobSpecId: '\ud800' }],
    [{ jobSpecId: 7 }],
  ])('adopts nothing that is no id (%j), and waits on', async (payload) => {
    const { handle, names } = await runScripted(unknown);
    expect(() => handle.send(odd({ type: 'ADOPT', ...payload }))).toThrow('not a valid job id');
    handle.actor.send(odd({ type: 'ADOPT', ...payload }));
    expect(handle.view().path).toBe('preparing.outcomeUnknown');
    expect(names()).not.toContain('getJob');
  });

  it('adopts the one that is', async () => {
    const { handle, proceed, names } = await runScripted(unknown);
    handle.send({ type: 'ADOPT', jobSpecId: 'job_1' });
    await proceed();
    expect(names()).toContain('getJob');
    expect(handle.view().state).toBe('completed');
  });
});

it.each([
  [null],
  [undefined],
  ['CONFIRM'],
  [{}],
  [{ type: 'NOPE' }],
  [{ type: 'toString' }],
  [{ type: 'UPLOAD_PROGRESS' }],
  [{ type: '*' }],
])('reports to the caller that %j is not a command', async (command) => {
  const { handle } = await runScripted(asking);
  expect(() => handle.send(odd(command))).toThrow(/the command/);
  expect(handle.view().path).toBe('pending.awaitingSlots');
});

it.each([['CONFIRM'], ['RETRY']])('takes %s with whatever it carries', async (type) => {
  const { handle } = await runScripted(asking);
  handle.send(odd({ type, slots: null, jobSpecId: 1n }));
  expect(handle.view().path).toBe('pending.awaitingSlots');
});

describe('a value that was prepared and that no slot can take', () => {
  it.each([[1n], [{ a: 1 }], [Number.NaN], [[1n]]])('is asked for, not sent (%s)', (value) => {
    // Past every check, as in a host that runs the machine itself.
    const options = { answers: { tone: value } } as unknown as JobOptions;
    expect(preparedValue(options, {}, { slotId: 'tone', type: 'text' })).toBeUndefined();
  });
});
