import { readFileSync } from 'node:fs';
import { createInspector, type StatelyInspectionEvent } from '@statelyai/inspect';
import { describe, expect, test } from 'vitest';
import { serializeInspection } from '../../../src/adapters/inspector/index.js';
import { PROTOCOL_VERSION } from '../../../src/adapters/inspector/inspection-message.js';
import { fieldsOf, itemsOf } from '../../../src/adapters/inspector/visible.js';
import { goalJobMachine } from '../../../src/machines/index.js';
import { runPlanted, scenarios } from './planted-job.js';

type Message = Readonly<Record<string, unknown>>;

/** One job, watched by Stately's own library and by ours. */
async function watchTwice(): Promise<{ theirs: Message[]; ours: Message[] }> {
  const theirs: Message[] = [];
  const ours: Message[] = [];
  const stately = createInspector({ send: (event: StatelyInspectionEvent) => theirs.push({ ...event }) });
  const scenario = scenarios['a job to its saved result'];
  if (scenario === undefined) throw new Error('the scenario is gone');
  await runPlanted(scenario, (event) => {
    stately.inspect.next?.(event);
    const message = serializeInspection(event);
    if (message !== undefined) ours.push({ ...message });
  });
  // Stately's library sends when the event loop is idle.
  await new Promise((resolve) => setTimeout(resolve, 20));
  return { theirs, ours };
}

const present = (message: Message): string[] =>
  Object.keys(message)
    .filter((key) => message[key] !== undefined)
    .sort();

/** The tree of states of a definition, with every event and every target in it. */
function skeleton(config: unknown): unknown {
  const { states, on } = fieldsOf(config);
  const targetOf = (transition: unknown): unknown =>
    typeof transition === 'string' ? transition : fieldsOf(transition).target;
  const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? itemsOf(value) : [value]);
  return {
    on: Object.entries(fieldsOf(on)).map(([event, transitions]) => [
      event,
      listOf(transitions).map(targetOf),
    ]),
    states: Object.entries(fieldsOf(states)).map(([key, state]) => [key, skeleton(state)]),
  };
}

describe('the protocol of the Stately inspector', () => {
  test('is that of the release it is tested with', () => {
    const file = new URL('../../../node_modules/@statelyai/inspect/package.json', import.meta.url);
    expect(fieldsOf(JSON.parse(readFileSync(file, 'utf8'))).version).toBe(PROTOCOL_VERSION);
  });

  test('the same messages in the same order, with the same fields', async () => {
    const { theirs, ours } = await watchTwice();
    expect(theirs.length).toBeGreaterThan(50);
    const outline = (message: Message): unknown => [
      message.type,
      message.sessionId,
      message.rootId,
      message.parentId,
      message.sourceId,
      message.name,
      fieldsOf(message.event).type,
      present(message),
    ];
    expect(ours.map(outline)).toEqual(theirs.map(outline));
  });

  test('every snapshot of the job has the status and the value that theirs has', async () => {
    const { theirs, ours } = await watchTwice();
    const states = (messages: Message[]): unknown[] =>
      messages
        .filter((message) => message.type === '@xstate.snapshot')
        .map(({ snapshot }) => [fieldsOf(snapshot).status, fieldsOf(snapshot).value]);
    expect(states(ours)).toEqual(states(theirs));
  });

  test('the definition has every state, event and target', async () => {
    const { ours } = await watchTwice();
    const definition = ours.find((message) => message.type === '@xstate.actor')?.definition;
    const sent: unknown = JSON.parse(String(definition));
    expect(skeleton(sent)).toEqual(skeleton(JSON.parse(JSON.stringify(goalJobMachine.config))));
    expect(JSON.stringify(skeleton(sent))).toContain('awaitingSlots');
  });
});
