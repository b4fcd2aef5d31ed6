import { describe, expect, it } from 'vitest';
import { createClackAsker } from '../../../../src/adapters/cli/ask/clack-asker.js';
import type { InputRequest } from '../../../../src/machines/job-events.js';
import type { SlotDefinition } from '../../../../src/services/wire/wire-types.js';
import { createFakeIo } from '../fake-io.js';

const ENTER = '\r';
const DOWN = '\u001b[B';
const KEYS = new RegExp(`(${DOWN.replace('[', '\\[')}|.)`, 's');
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const CTRL_U = '\u0015';

const slot = (slotId: string, more: Partial<SlotDefinition> = {}): SlotDefinition => ({
  slotId,
  type: 'text',
  required: true,
  ...more,
});
const request = (slots: readonly SlotDefinition[], more: Partial<InputRequest> = {}): InputRequest => ({
  slots,
  missing: slots.map((each) => each.slotId),
  values: {},
  fieldErrors: [],
  conflicts: [],
  ...more,
});

/** A person at a terminal, who types each text once the terminal shows what it answers. */
function person(...typing: readonly (readonly [shown: string, typed: string])[]) {
  const fake = createFakeIo({}, true);
  const asker = createClackAsker(fake.io);
  const left = [...typing];
  let seen = 0;
  const look = (): void => {
    const [next] = left;
    if (next === undefined) return;
    const at = fake.stderr().indexOf(next[0], seen);
    if (at < 0) return;
    left.shift();
    seen = at + next[0].length;
    setImmediate(() => {
      // An escape sequence is one key, everything else one a character.
      for (const key of next[1].split(KEYS)) if (key !== '') fake.stdin.write(key);
    });
  };
  fake.io.stderr.on('data', () => setImmediate(look));
  return { asker, fake };
}

const never = new AbortController().signal;

describe('questions at a terminal', () => {
  it('asks for text, and for what it is not until it is right', async () => {
    const { asker } = person(
      ['Tone', `warm${ENTER}`],
      ['Words', `many${ENTER}`],
      ['not a number', `${CTRL_U}12${ENTER}`],
    );
    const slots = [slot('tone', { label: 'Tone' }), slot('words', { label: 'Words', type: 'number' })];
    expect(await asker.fillSlots(request(slots), never)).toEqual({ tone: 'warm', words: 12 });
  });

  it('offers the options that the server lists', async () => {
    const { asker } = person(['Language', DOWN + ENTER]);
    const slots = [slot('language', { label: 'Language', options: ['de', 'fr'] })];
    expect(await asker.fillSlots(request(slots), never)).toEqual({ language: 'fr' });
  });

  it('gives nothing for an optional choice that was only entered', async () => {
    const { asker } = person(['Layout', ENTER]);
    const slots = [slot('layout', { label: 'Layout', type: 'boolean', required: false })];
    expect(await asker.fillSlots(request(slots), never)).toEqual({});
  });

  it('shows why a value was refused, with the value still there', async () => {
    const { asker, fake } = person(['must be polite', `ly${ENTER}`]);
    const refused = request([slot('tone')], {
      values: { tone: 'polite' },
      fieldErrors: [{ field: 'tone', message: 'must be politer' }],
    });
    expect(await asker.fillSlots(refused, never)).toEqual({ tone: 'politely' });
    expect(fake.stderr()).toContain('tone – refused: must be politer');
  });

  it.each([
    ['ctrl-C', CTRL_C],
    ['ctrl-D', CTRL_D],
  ])('is left with %s, whatever stands there', async (_name, key) => {
    const { asker, fake } = person(['Tone', `war${key}`]);
    expect(
      await asker.fillSlots(request([slot('tone', { label: 'Tone' }), slot('b')]), never),
    ).toBeUndefined();
    expect(fake.stdin.listenerCount('keypress')).toBe(0);
  });

  it('is taken away when the job ends, and leaves no listener behind', async () => {
    const { asker, fake } = person();
    const ended = new AbortController();
    const asked = asker.mayStart(ended.signal);
    setTimeout(() => ended.abort(), 20);
    expect(await asked).toBeUndefined();
    expect(fake.stdin.listenerCount('keypress')).toBe(0);
  });

  it('takes yes and no for the start', async () => {
    const { asker } = person(['Start the job?', 'n']);
    expect(await asker.mayStart(never)).toBe(false);
  });
});

describe('a create of unknown outcome', () => {
  const failure = { kind: 'outcome-unknown', message: '', advice: '', delivery: 'unknown' } as const;

  it.each([
    ['leaves it', [['Look in', ENTER]], { type: 'DETACH' }],
    ['creates again', [['Look in', DOWN + DOWN + ENTER]], { type: 'RETRY' }],
    [
      'adopts a job',
      [
        ['Look in', DOWN + ENTER],
        ['The id of the job', ` job_7 ${ENTER}`],
      ],
      { type: 'ADOPT', jobSpecId: 'job_7' },
    ],
    ['is left', [['Look in', CTRL_C]], undefined],
  ] as const)('%s', async (_what, typing, command) => {
    const { asker } = person(...typing);
    expect(await asker.resolveUnknown(failure, never)).toEqual(command);
  });
});
