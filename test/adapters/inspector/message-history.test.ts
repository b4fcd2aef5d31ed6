import { describe, expect, test } from 'vitest';
import type { InspectionMessage } from '../../../src/adapters/inspector/index.js';
import { createMessageHistory } from '../../../src/adapters/inspector/message-history.js';

const base = { id: null, createdAt: '0', _version: '0.7.2' };
const registered = (
  sessionId: string,
  definition = '{"id":"goalJob","states":{"a":{}}}',
): InspectionMessage => ({
  ...base,
  type: '@xstate.actor',
  sessionId,
  rootId: sessionId,
  name: sessionId,
  definition,
  snapshot: { status: 'active' },
});
const entered = (sessionId: string, value: string): InspectionMessage => ({
  ...base,
  type: '@xstate.snapshot',
  sessionId,
  rootId: sessionId,
  event: { type: 'go' },
  snapshot: { status: 'active', value },
});

describe('what a late receiver gets', () => {
  test('a job keeps its definition however much has happened since, with its latest state', () => {
    const history = createMessageHistory(5);
    history.add(registered('x:0'));
    for (let turn = 0; turn < 100; turn += 1) history.add(entered('x:0', `state${turn}`));
    const reported = history.replay();
    expect(reported).toHaveLength(6);
    expect(reported[0]).toMatchObject({
      type: '@xstate.actor',
      sessionId: 'x:0',
      snapshot: { value: 'state99' },
    });
    expect(reported.at(-1)).toMatchObject({ snapshot: { value: 'state99' } });
  });

  test('a promise that was invoked takes no place among the jobs', () => {
    const history = createMessageHistory(2);
    history.add(registered('x:0'));
    for (let turn = 1; turn < 50; turn += 1) history.add(registered(`x:${turn}`, '{"id":"getStatus"}'));
    expect(history.replay().map(({ sessionId }) => sessionId)).toEqual(['x:0', 'x:48', 'x:49']);
  });

  test('memory is bounded in jobs too: the oldest are forgotten', () => {
    const history = createMessageHistory(0);
    for (let turn = 0; turn < 1_000; turn += 1) history.add(registered(`x:${turn}`));
    const reported = history.replay();
    expect(reported).toHaveLength(200);
    expect(reported.at(-1)).toMatchObject({ sessionId: 'x:999' });
  });
});
