import { describe, expect, it } from 'vitest';
import { createWorkplace, type Workplace } from './cli-process.js';

async function within(work: (place: Workplace) => Promise<void>): Promise<void> {
  const place = createWorkplace();
  try {
    await work(place);
  } finally {
    place.remove();
  }
}

/** What the two printed lines export. */
async function exportsOf(place: Workplace, args: readonly string[] = []) {
  const shown = await place.start(['emulate', ...args]).shows(/API_KEY=.*\n/);
  const found = (name: string): string => new RegExp(`^export ${name}=(\\S+)$`, 'm').exec(shown)?.[1] ?? '';
  return { baseUrl: found('CONVILYN_BASE_URL'), key: found('CONVILYN_API_KEY') };
}

const PAGE = 'http://localhost:5173';

describe.concurrent('goal-lane emulate', () => {
  it('has another key at each start', () =>
    within(async (place) => {
      const [one, two] = [await exportsOf(place), await exportsOf(place)];
      expect(one.key).toMatch(/^\w{32,}$/);
      expect(one.key).not.toBe(two.key);
      expect(new URL(one.baseUrl).hostname).toBe('127.0.0.1');
    }));

  it('allows the configured origins, and no other', () =>
    within(async (place) => {
      const { baseUrl, key } = await exportsOf(place, ['--allow-origin', PAGE]);
      const ask = (origin: string): Promise<Response> =>
        fetch(`${baseUrl}/workflows/catalog`, { headers: { authorization: `Bearer ${key}`, origin } });
      expect((await ask(PAGE)).headers.get('access-control-allow-origin')).toBe(PAGE);
      const foreign = await ask('https://attacker.example');
      expect([foreign.status, foreign.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    }));

  it.each(['*', 'localhost:5173'])('does not take %s for an origin', (name) =>
    within(async (place) => {
      const result = await place.run(['emulate', '--allow-origin', name]);
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toContain('--allow-origin');
    }),
  );
});

describe.concurrent('goal-lane emulate --plan, --speed, --faults', () => {
  it('keeps the limits of the plan, and goes wrong as the file says', () =>
    within(async (place) => {
      const rules = [{ on: 'catalog', fault: { kind: 'other-speaker', who: 'waf' }, nth: 1 }];
      place.file('faults.json', JSON.stringify(rules));
      const flags = ['--plan', 'free', '--speed', '9', '--faults', 'faults.json'];
      const { baseUrl, key } = await exportsOf(place, flags);
      const ask = (path: string): Promise<Response> =>
        fetch(`${baseUrl}${path}`, { headers: { authorization: `Bearer ${key}` } });
      expect([(await ask('/workflows/catalog')).status, (await ask('/workflows/catalog')).status]).toEqual([
        403, 200,
      ]);
      expect((await ask('/jobs/goal/x/status')).headers.get('x-ratelimit-remaining')).toBe('59');
    }));

  it.each([
    ['--plan', 'gold'],
    ['--plan', 'constructor'],
    ['--speed', '0'],
    ['--speed', 'fast'],
    ['--faults', 'nothing.json'],
    ['--faults', '.'],
    ['--faults', 'odd.json'],
  ])('does not take %s %s', (flag, value) =>
    within(async (place) => {
      place.file('odd.json', '[{"fault":{"kind":"gremlin"}}]');
      const result = await place.run(['emulate', flag, value]);
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toContain(flag);
    }),
  );

  it.each([
    ['on', { on: 'cancel' }, 'getStatus'],
    ['fault.kind', { fault: { kind: 'gremlin' } }, 'replica-lag'],
    ['nth', { nth: 0 }, 'a whole number from 1'],
  ])('says what is wrong with %s of a rule, and what is allowed', (field, wrong, allowed) =>
    within(async (place) => {
      const right = { on: 'getStatus', fault: { kind: 'job-lost' }, nth: 1 };
      place.file('faults.json', JSON.stringify([right, { ...right, ...wrong }]));
      const result = await place.run(['emulate', '--faults', 'faults.json']);
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toContain(`fault rule 2: ${field} is `);
      expect(result.stderr).toContain(allowed);
    }),
  );
});
