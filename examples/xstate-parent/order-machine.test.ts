import { bindPorts } from 'goal-lane/job';
import { createTestEmulator } from 'goal-lane/testing';
import { expect, test } from 'vitest';
import { createActor } from 'xstate';
import { createOrderMachine } from './order-machine.js';

test('an order stops at the question, is stored, and continues in another process', async () => {
  const { clock, ports, results, log, faults } = createTestEmulator({
    faults: [{ on: 'getStatus', nth: 2, fault: { kind: 'http-error', status: 502 } }],
  });
  const orderMachine = createOrderMachine(bindPorts(ports({ 'cv.txt': 'Ada' }), { clock }));

  const order = createActor(orderMachine, { input: { files: ['cv.txt'] } }).start();
  await clock.runUntil(() => order.getSnapshot().context.question !== undefined);
  const stored = JSON.stringify(order.getPersistedSnapshot());
  order.stop();
  expect(stored).not.toMatch(/Signature|emulator-key/);

  const restored = createActor(orderMachine, { input: { files: [] }, snapshot: JSON.parse(stored) }).start();
  const { question } = restored.getSnapshot().context;
  expect(question?.missing).toEqual(['confirmed_titles']);
  restored.send({ type: 'ANSWER', slots: { confirmed_titles: 'Lead' } });
  await clock.runUntil(() => restored.getSnapshot().status === 'done');

  expect(restored.getSnapshot().value).toBe('delivered');
  expect(results.has(restored.getSnapshot().context.file ?? '')).toBe(true);
  expect(log.filter(({ endpoint }) => endpoint === 'create')).toHaveLength(1);
  faults.assertAllFired();
});
