import { describe, expect, test } from 'vitest';
import { serializeInspection } from '../../../src/adapters/inspector/index.js';
import { MARK, planted, runPlanted, scenarios } from './planted-job.js';

/** All the text that hangs on a value, live actors and their machines included. */
function everything(value: unknown, seen: Set<unknown>): string {
  if (typeof value === 'string') return `${value}\n`;
  if (typeof value !== 'object' || value === null || seen.has(value)) return '';
  seen.add(value);
  const own = value instanceof Error ? everything(value.message, seen) : '';
  const entries = Object.entries(value).map(([key, item]) => `${key}\n${everything(item, seen)}`);
  return own + entries.join('');
}

async function watch(name: string, options: Parameters<typeof serializeInspection>[1] = {}) {
  const scenario = scenarios[name];
  if (scenario === undefined) throw new Error(`no scenario ${name}`);
  const messages: unknown[] = [];
  const ended = await runPlanted(scenario, (event) => {
    const message = serializeInspection(event, options);
    if (message !== undefined) messages.push(message);
  });
  expect(ended).toBe(scenario.ends);
  return { messages, bytes: JSON.stringify(messages) };
}

/** The names of the secrets that occur. */
const found = (bytes: string): string[] =>
  Object.entries(planted).flatMap(([name, secret]) =>
    bytes.includes(JSON.stringify(secret).slice(1, -1)) ? [name] : [],
  );

const WHOLE_WAY = 'a job to its saved result';

describe('no secret leaves', () => {
  test.each(Object.keys(scenarios))('%s', async (name) => {
    const { bytes, messages } = await watch(name);
    expect(messages.length).toBeGreaterThan(8);
    expect(found(bytes)).toEqual([]);
    // Whole or in part, in whatever spelling.
    expect(bytes.toUpperCase().includes(MARK)).toBe(false);
    expect(bytes.includes(Buffer.from(MARK).toString('base64').slice(0, 8))).toBe(false);
    expect(bytes.includes('X-Amz')).toBe(false);
  });

  test('and every one of them had been there to be seen', async () => {
    const raw: string[] = [];
    for (const scenario of Object.values(scenarios)) {
      const seen = new Set<unknown>();
      await runPlanted(scenario, (event) => raw.push(everything(event, seen)));
    }
    const text = raw.join('');
    for (const [name, secret] of Object.entries(planted)) expect(text.includes(secret), name).toBe(true);
  });
});

describe('values of slots, for those who ask', () => {
  test('are shown, and nothing else is', async () => {
    const { bytes } = await watch(WHOLE_WAY, { slotValues: true });
    expect(found(bytes).sort()).toEqual(['answer', 'listedAnswer', 'submitted']);
  });
});

describe('what is worth seeing is seen', () => {
  test('states, events, ids and numbers', async () => {
    const { messages, bytes } = await watch(WHOLE_WAY);
    for (const value of [
      'uploading',
      'creating',
      'rateLimited',
      'filling',
      'refreshingVersion',
      'backingOff',
      'saving',
    ])
      expect(bytes.includes(`":"${value}"`), value).toBe(true);
    expect(messages).toContainEqual(
      expect.objectContaining({
        type: '@xstate.snapshot',
        snapshot: expect.objectContaining({
          value: { slot_needed: 'awaitingSlots' },
          tags: ['user-input'],
          context: expect.objectContaining({
            jobSpecId: 'job_1',
            itemVersion: 6,
            files: 1,
            bytes: 3,
            status: 'slot_needed',
            question: expect.objectContaining({ checkpointId: 'review', slots: ['tone'] }),
          }),
        }),
      }),
    );
    expect(messages).toContainEqual(
      expect.objectContaining({ type: '@xstate.event', event: { type: 'SUBMIT_SLOTS', slots: ['tone'] } }),
    );
    expect(messages).toContainEqual(
      expect.objectContaining({
        snapshot: expect.objectContaining({
          status: 'done',
          value: 'completed',
          output: { status: 'completed', jobSpecId: 'job_1' },
        }),
      }),
    );
  });
});
