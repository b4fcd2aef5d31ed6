import { describe, expect, it } from 'vitest';
import {
  createEmulatorModel,
  type EmulatorModel,
  type FaultRule,
  startEmulator,
} from '../../../src/adapters/emulator/index.js';

const START = Date.UTC(2026, 2, 30, 12);
const LOST = { kind: 'job-lost' };

/** What a caller without types may write. */
const untyped = (rule: unknown): FaultRule => rule as FaultRule;

function ask(model: EmulatorModel, path: string, method = 'GET'): boolean {
  const headers = { authorization: `Bearer ${model.apiKey}` };
  model.exchange('api', { method, path: `/api/v1${path}`, headers }, START);
  return (model.log.at(-1)?.faults.length ?? 0) > 0;
}

const MISTAKES: readonly (readonly [string, unknown, RegExp])[] = [
  [
    'an unknown endpoint',
    { on: 'getStatuses', fault: LOST },
    /on is "getStatuses"; allowed: .*status.*getStatus/,
  ],
  ['one unknown endpoint of two', { on: ['status', 'inspectFiles'], fault: LOST }, /on is "inspectFiles"/],
  ['no endpoint at all', { on: [], fault: LOST }, /on is an empty list/],
  ['a member of every object', { on: 'constructor', fault: LOST }, /on is "constructor"/],
  ['an unknown kind', { fault: { kind: 'nonsense' } }, /fault\.kind is "nonsense"; allowed: .*http-error/],
  ['an unknown kind among others', { fault: [LOST, { kind: 'x' }] }, /fault\[1\]\.kind is "x"/],
  ['no kind', { fault: {} }, /fault\.kind is of the type undefined/],
  ['no fault', { on: 'status' }, /fault is of the type undefined/],
  ['no fault in a list', { fault: [] }, /fault is an empty list/],
  [
    'an unknown word in a fault',
    { fault: { kind: 'reset', when: 'during' } },
    /fault\.when: .*"before"\|"after"/,
  ],
  ['a missing word in a fault', { fault: { kind: 'reset' } }, /fault\.when: .*"before"\|"after"/],
  [
    'an unknown field in a fault',
    { fault: { kind: 'hung', forMs: 1 } },
    /fault has no field "forMs"; allowed: kind, when/,
  ],
  [
    'an unknown body',
    { fault: { kind: 'http-error', status: 500, body: 'pdf' } },
    /fault\.body: must be html, json/,
  ],
  ['a status that is none', { fault: { kind: 'http-error', status: 7 } }, /fault\.status: .*200/],
  ['nth 0', { nth: 0, fault: LOST }, /nth is 0; allowed: a whole number from 1/],
  ['a negative nth', { nth: -1, fault: LOST }, /nth is -1/],
  ['a broken nth', { nth: 1.5, fault: LOST }, /nth is 1\.5/],
  ['nth that is no number', { nth: '1', fault: LOST }, /nth is "1"/],
  ['nth NaN', { nth: Number.NaN, fault: LOST }, /nth is NaN/],
  ['one nth of three', { nth: [1, 0, 3], fault: LOST }, /nth is 0/],
  ['no nth in a list', { nth: [], fault: LOST }, /nth is an empty list/],
  ['times 0', { times: 0, fault: LOST }, /times is 0/],
  ['a probability of 0', { probability: 0, fault: LOST }, /probability is 0; allowed: a number above 0/],
  ['a probability in percent', { probability: 50, fault: LOST }, /probability is 50/],
  ['an unknown method', { method: 'FETCH', fault: LOST }, /method is "FETCH"; allowed: GET/],
  ['a predicate that is none', { when: true, fault: LOST }, /when is true; allowed: a function/],
  ['an unknown field', { endpoint: 'status', fault: LOST }, /no field "endpoint"; allowed: fault, on/],
  ['a rule that is none', null, /it is null; allowed: an object/],
];

describe.each(MISTAKES)('a fault rule with %s', (_, rule, said) => {
  it('is refused by the model and when it is added, by its place', () => {
    const good: FaultRule = { on: 'status', fault: { kind: 'job-lost' } };
    expect(() => createEmulatorModel({ faults: [good, untyped(rule)] })).toThrow(said);
    expect(() => createEmulatorModel({ faults: [good, untyped(rule)] })).toThrow(/^fault rule 2: /);
    const model = createEmulatorModel({ faults: [good] });
    expect(() => model.faults.add(untyped(rule))).toThrow(TypeError);
    expect(() => model.faults.add(untyped(rule))).toThrow(said);
    expect(model.faults.rules).toHaveLength(1);
  });
});

describe('fault rules of an emulator on HTTP', () => {
  it('are refused at its start, all mistakes at once, and nothing is left listening', async () => {
    const before = process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
    const rule = untyped({ on: 'getStatuses', nth: 0, fault: { kind: 'nonsense' } });
    const starting = startEmulator({ faults: [rule] });
    await expect(starting).rejects.toThrow(TypeError);
    await expect(starting).rejects.toThrow(/fault\.kind is .*\n.*on is .*\n.*nth is 0/);
    const after = process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
    expect(after).toBe(before);
  });

  it('are refused while it runs', async () => {
    const emulator = await startEmulator();
    expect(() => emulator.faults.add(untyped({ on: 'cancel', fault: LOST }))).toThrow(/on is "cancel"/);
    await emulator.close();
  });
});

describe('the name of a port', () => {
  it.each([
    ['loadCatalog', 'GET', '/workflows/catalog'],
    ['uploadFile', 'POST', '/upload'],
    ['createJob', 'POST', '/jobs/goal'],
    ['getJob', 'GET', '/jobs/goal/x'],
    ['fillSlots', 'PATCH', '/jobs/goal/x/slots'],
    ['submitSlots', 'PATCH', '/jobs/goal/x/slots'],
    ['confirmJob', 'POST', '/jobs/goal/x/confirm'],
    ['getStatus', 'GET', '/jobs/goal/x/status'],
    ['getDownload', 'GET', '/jobs/goal/x/download'],
  ] as const)('%s means its endpoint', (on, method, path) => {
    const model = createEmulatorModel({ faults: [{ on, fault: { kind: 'http-error', status: 500 } }] });
    expect(ask(model, '/elsewhere')).toBe(false);
    expect(ask(model, path, method)).toBe(true);
  });

  it.each(['saveResult', 'fetchResult', 'storage'] as const)('%s means storage', (on) => {
    const model = createEmulatorModel({ faults: [{ on, fault: { kind: 'http-error', status: 500 } }] });
    const request = { method: 'GET', path: '/convilyn-results/x/y', headers: {} };
    expect(model.exchange('storage', request, START).reply?.status).toBe(500);
  });

  it('stands beside endpoints, and a field that is undefined is left out', () => {
    const on = ['getStatus', 'job'] as const;
    const rule = { on, method: undefined, nth: undefined, fault: { kind: 'hung', when: undefined } };
    const model = createEmulatorModel({ faults: [untyped(rule)] });
    expect([ask(model, '/jobs/goal/x'), ask(model, '/jobs/goal/x/status'), ask(model, '/upload')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('assertAllFired', () => {
  it('passes where each rule befell a request, and where there is none', () => {
    const model = createEmulatorModel();
    model.faults.assertAllFired();
    model.faults.add({ on: 'job', nth: [1, 2], fault: { kind: 'http-error', status: 500 } });
    ask(model, '/jobs/goal/x');
    ask(model, '/jobs/goal/x');
    model.faults.assertAllFired();
  });

  it('names each rule that did not, and says why', () => {
    const model = createEmulatorModel({
      faults: [
        { on: 'getStatus', fault: { kind: 'reset', when: 'after' }, nth: 3 },
        { on: 'job', fault: { kind: 'http-error', status: 500 } },
        { on: ['slots', 'confirm'], fault: [{ kind: 'hung' }, { kind: 'clock-skew', byMs: 5 }] },
        { on: 'status', nth: [1, 9], fault: { kind: 'stale-status' } },
      ],
    });
    ask(model, '/jobs/goal/x');
    ask(model, '/jobs/goal/x/status');
    expect(() => model.faults.assertAllFired()).toThrow(
      [
        '3 of 4 fault rules did not fire:',
        '  rule 1: reset on getStatus, nth 3: 1 request matched',
        '  rule 3: hung + clock-skew on slots, confirm: no request matched',
        '  rule 4: stale-status on status, nth 1, 9: 1 request matched, and it was applied to 1 of 2, but had no effect on 1 of them',
      ].join('\n'),
    );
  });

  it('asks nothing of rules that were removed', () => {
    const model = createEmulatorModel();
    model.faults.add({ fault: { kind: 'hung' } }).remove();
    model.faults.assertAllFired();
  });
});

describe('options that are undefined', () => {
  it('count as left out, in the model and on HTTP', async () => {
    const nothing = { faults: undefined, plan: undefined, speed: undefined, keepUpToBytes: undefined };
    // Boundary: what a caller without `exactOptionalPropertyTypes` may write.
    const options = nothing as unknown as Parameters<typeof startEmulator>[0];
    expect(createEmulatorModel(options).faults.rules).toEqual([]);
    const emulator = await startEmulator(options);
    const headers = { authorization: `Bearer ${emulator.apiKey}` };
    const body = new FormData();
    body.append('file', new Blob(['hello']), 'a.txt');
    const reply = await fetch(`${emulator.baseUrl}/upload`, { method: 'POST', headers, body });
    expect(reply.status).toBe(200);
    await emulator.close();
  });
});
