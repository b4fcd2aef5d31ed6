import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createEmulatorModel,
  describeEntry,
  type EmulatorModel,
  type FaultRule,
} from '../../../src/adapters/emulator/index.js';

const START = Date.UTC(2026, 2, 30, 12);

/** Asks for something under faults; true where one befell it. */
function ask(model: EmulatorModel, path = '/workflows/catalog', method = 'GET'): boolean {
  const headers = { authorization: `Bearer ${model.apiKey}` };
  model.exchange('api', { method, path: `/api/v1${path}`, headers }, START);
  return (model.log.at(-1)?.faults.length ?? 0) > 0;
}

const slow = { kind: 'slow-reply', delayMs: 1 } as const;

function under(rule: Omit<FaultRule, 'fault'>) {
  const model = createEmulatorModel();
  const active = model.faults.add({ fault: slow, ...rule });
  return { model, active, many: (count: number) => Array.from({ length: count }, () => ask(model)) };
}

describe('a fault plan', () => {
  it('befalls the nth request, or these', () => {
    expect(under({ nth: 2 }).many(4)).toEqual([false, true, false, false]);
    expect(under({ nth: [1, 4] }).many(4)).toEqual([true, false, false, true]);
  });

  it('befalls so many, and counts them', () => {
    const { many, active } = under({ times: 2 });
    expect(many(4)).toEqual([true, true, false, false]);
    expect(active.fired).toBe(2);
  });

  it('is aimed by endpoint, method and predicate, and counts only what matches', () => {
    const { model } = under({ on: ['status', 'job'], nth: 1 });
    expect([ask(model), ask(model, '/jobs/goal/x/status'), ask(model, '/jobs/goal/x')]).toEqual([
      false,
      true,
      false,
    ]);
    const posts = under({ method: 'post' }).model;
    expect([ask(posts), ask(posts, '/upload', 'POST')]).toEqual([false, true]);
    const some = under({ when: ({ jobSpecId }) => jobSpecId === 'job_7' }).model;
    expect([ask(some, '/jobs/goal/job_7'), ask(some, '/jobs/goal/job_8')]).toEqual([true, false]);
  });

  it('draws from the model’s own random source, the same way each time', () => {
    const draw = () => under({ probability: 0.3 }).many(200);
    const fired = draw().filter(Boolean).length;
    expect(fired).toBeGreaterThan(30);
    expect(fired).toBeLessThan(90);
    expect(draw()).toEqual(draw());
  });

  it('can be removed and cleared', () => {
    const { model, active } = under({});
    expect(ask(model)).toBe(true);
    active.remove();
    expect(ask(model)).toBe(false);
    model.faults.add({ fault: slow });
    model.faults.clear();
    expect([ask(model), model.faults.rules.length]).toEqual([false, 0]);
  });

  it('never befalls `handle`', () => {
    const model = createEmulatorModel({ faults: [{ fault: { kind: 'http-error', status: 500 } }] });
    const headers = { authorization: `Bearer ${model.apiKey}` };
    const request = { method: 'GET', path: '/api/v1/workflows/catalog', headers };
    expect(model.handle(request, START).status).toBe(200);
    expect(model.exchange('api', request, START).reply?.status).toBe(500);
  });

  it('combines faults on one request', () => {
    const model = createEmulatorModel();
    model.faults.add({ fault: [{ kind: 'slow-reply', delayMs: 5 }, { kind: 'extra-fields' }] });
    model.faults.add({ fault: [{ kind: 'slow-reply', delayMs: 7 }, { kind: 'switched-spelling' }] });
    const headers = { authorization: `Bearer ${model.apiKey}` };
    const request = { method: 'GET', path: '/api/v1/workflows/catalog', headers };
    const { delayMs, reply } = model.exchange('api', request, START);
    expect(delayMs).toBe(12);
    expect(JSON.parse(reply?.text ?? '')[0]).toMatchObject({ specId: expect.any(String), traceId: 'a1b2c3' });
  });

  it('answers whatever is combined: a reply, or none', () => {
    const kinds = fc.constantFrom<FaultRule['fault']>(
      { kind: 'reset', when: 'before' },
      { kind: 'reset', when: 'after' },
      { kind: 'http-error', status: 502 },
      { kind: 'rate-limited' },
      { kind: 'garbled-body', body: 'cut-json' },
      { kind: 'clock-skew', byMs: 1e6 },
      { kind: 'reset-format', format: 'iso' },
      { kind: 'hostile-headers', values: 'overflow' },
      { kind: 'missing-fields' },
      { kind: 'extra-fields' },
      { kind: 'switched-spelling' },
      { kind: 'stale-status' },
      { kind: 'empty-body' },
      { kind: 'cut-body' },
      { kind: 'redirect', to: '/x' },
    );
    const paths = fc.constantFrom('/workflows/catalog', '/jobs/goal/x/status', '/nothing');
    fc.assert(
      fc.property(fc.array(kinds, { maxLength: 4 }), paths, (faults, path) => {
        const model = createEmulatorModel({ faults: faults.map((fault) => ({ fault })) });
        const headers = { authorization: `Bearer ${model.apiKey}` };
        const delivery = model.exchange('api', { method: 'GET', path: `/api/v1${path}`, headers }, START);
        expect(delivery.fate === 'reply').toBe(delivery.reply !== undefined);
        expect(model.log[0]?.status).toBe(delivery.reply?.status);
      }),
    );
  });
});

describe('the log', () => {
  it('keeps neither keys, nor slot values, nor signatures, nor control characters', () => {
    const seen: string[] = [];
    const model = createEmulatorModel({
      apiKeys: ['sk-very-secret'],
      onLog: (entry) => seen.push(JSON.stringify(entry), describeEntry(entry)),
    });
    const headers = { authorization: `Bearer ${model.apiKey}` };
    const body = JSON.stringify({ itemVersion: 3, slots: [{ slotId: 'name', value: 'Ada Lovelace' }] });
    const path = '/api/v1/jobs/goal/job_1\u001b[31m/slots';
    model.exchange('api', { method: 'PATCH', path, headers, body }, START);
    const query = '?X-Amz-Signature=abcdef';
    model.exchange('storage', { method: 'GET', path: `/convilyn-results/x/y${query}`, headers: {} }, START);
    expect(seen.join('\n')).not.toMatch(/very-secret|Lovelace|abcdef/);
    expect(seen[1]).not.toContain('\u001b');
    expect(model.log[0]?.body).toEqual({ itemVersion: 3, slotIds: ['name'] });
  });

  it('can be left out', () => {
    const model = createEmulatorModel({ keepLog: false });
    model.exchange('api', { method: 'GET', path: '/api/v1/upload', headers: {} }, START);
    expect(model.log).toEqual([]);
  });
});
