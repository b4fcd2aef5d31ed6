import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { serializeInspection } from '../../src/adapters/inspector/index.js';
import { fieldsOf } from '../../src/adapters/inspector/visible.js';
import { runPlanted, scenarios } from '../adapters/inspector/planted-job.js';

const page = readFileSync(new URL('../../docs/inspector.md', import.meta.url), 'utf8');
const section = (title: string): string => page.split(`## ${title}`)[1]?.split('\n## ')[0] ?? '';
const wordsIn = (text: string): Set<string> =>
  new Set([...text.matchAll(/`([\w]+)`/g)].map(([, word]) => word ?? ''));

/** Every field name in what leaves of a context, at any depth. */
function keysOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(keysOf);
  return Object.entries(fieldsOf(value)).flatMap(([key, item]) => [key, ...keysOf(item)]);
}

async function fieldsShown(slotValues: boolean): Promise<Set<string>> {
  const shown = new Set<string>();
  for (const scenario of Object.values(scenarios))
    await runPlanted(scenario, (event) => {
      const message = serializeInspection(event, { slotValues });
      if (message?.type !== '@xstate.snapshot') return;
      const { setbacks, ...context } = fieldsOf(message.snapshot.context);
      // The rows of `setbacks` are named for calls.
      for (const key of [...keysOf(context), ...Object.values(fieldsOf(setbacks)).flatMap(keysOf)])
        shown.add(key);
    });
  return shown;
}

describe('docs/inspector.md', () => {
  test('names every field of a context that is shown', async () => {
    const named = wordsIn(section('What is shown'));
    const shown = await fieldsShown(false);
    expect(shown.size).toBeGreaterThan(25);
    expect([...shown].filter((field) => !named.has(field))).toEqual([]);
  });

  test('and the further ones that slotValues opens', async () => {
    const before = await fieldsShown(false);
    const further = [...(await fieldsShown(true))].filter((field) => !before.has(field));
    expect(further.sort()).toEqual(['answers', 'length', 'tone', 'values']);
    const named = wordsIn(section('What is never shown'));
    for (const field of ['slots', 'answers', 'values']) expect(named).toContain(field);
  });

  test('shows how, in three lines each', () => {
    const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(
      ([, code]) => code?.trim().split('\n') ?? [],
    );
    expect(blocks.map((lines) => lines.length)).toEqual([3, 3]);
  });
});
