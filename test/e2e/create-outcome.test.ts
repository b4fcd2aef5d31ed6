import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { createWorkplace, type Workplace } from './cli-process.js';
import { type Hook, type HookedApi, type Part, startHookedApi } from './hooked-api.js';

const RUN = ['run', 'wf', 'in.txt', '--json', '--no-input', '--out', 'out'];

async function within(
  hooks: Partial<Record<Part, Hook>>,
  work: (place: Workplace, api: HookedApi) => Promise<void>,
): Promise<void> {
  const api = await startHookedApi(hooks);
  const place = createWorkplace(api);
  place.file('in.txt');
  try {
    await work(place, api);
  } finally {
    await api.close();
    place.remove();
  }
}

const says =
  (status: number, body: string, headers: Record<string, string> = {}): Hook =>
  (response) => {
    response.writeHead(status, headers).end(body);
    return true;
  };

const once408: Hook = (response, count) => count === 1 && says(408, '{"error":"timeout"}')(response, count);
const DEEP = `{"message":${'{"message":'.repeat(20_000)}1${'}'.repeat(20_000)}}`;

describe.concurrent('a create of unknown outcome', () => {
  it.each([
    ['408', 408, '{"error":"timeout","message":"took too long","code":408}'],
    ['499', 499, '{"error":"closed"}'],
    ['503 of the API', 503, '{"error":"busy"}'],
    ['a deep body', 500, DEEP],
    ['an odd body', 502, '{"errors":[{"loc":[{"toString":1}],"msg":"bad"}]}'],
    ['a page with 403', 403, '<html>Forbidden</html>'],
    ['nothing with 400', 400, ''],
    ['a redirect', 307, ''],
  ])('after %s is code 6, sent once, and reported with advice', (_name, status, body) =>
    within({ create: says(status, body) }, async (place, api) => {
      const result = await place.run(RUN);
      expect(result.code).toBe(6);
      expect(result.last()).toMatchObject({
        type: 'error',
        exitCode: 6,
        failure: { kind: 'outcome-unknown', delivery: 'unknown' },
        resumeCommand: expect.stringContaining('goal-lane resume'),
      });
      expect(result.last().advice).toMatch(/resume \S+ --out out --adopt JOB_ID.* --retry/);
      expect(result.stdout + result.stderr).not.toMatch(/start a new|new one|run it again|create again/i);
      expect(api.asked('create')).toBe(1);
    }),
  );

  it('is stored as itself: jobs shows it as waiting for a person, and resume asks again', () =>
    within({ create: once408 }, async (place, api) => {
      const id = String((await place.run(RUN)).last().id);
      const listed = (await place.run(['jobs', '--json'])).lines()[0];
      expect(listed).toMatchObject({
        ...{ id, state: 'detached', canResume: true },
        waitsFor: { reason: 'a decision: was the job created?' },
        notes: [expect.stringContaining('a person has to decide')],
      });
      for (const which of [['--all'], [id]]) {
        const again = await place.run(['resume', ...which, '--json', '--no-input']);
        expect(again.code).toBe(6);
        expect(again.last()).toMatchObject({ id, failure: { kind: 'outcome-unknown' } });
      }
      expect(api.asked('create')).toBe(1);
    }));

  it('is adopted by the id that a person has found', () =>
    within({ create: once408 }, async (place, api) => {
      const id = String((await place.run(RUN)).last().id);
      const wrong = await place.run(['resume', id, '--adopt', 'job_of_nobody', '--json', '--no-input']);
      expect(wrong.code).toBe(6);
      const adopted = await place.run(['resume', id, '--adopt', 'job_1', '--json', '--no-input']);
      expect(adopted.code).toBe(0);
      expect(adopted.last()).toMatchObject({ type: 'completed', id, jobSpecId: 'job_1' });
      expect(api.asked('create')).toBe(1);
    }));

  it('is created where a person says that it does not exist, once', () =>
    within(
      { create: (response, count) => count < 3 && says(500, '{}')(response, count) },
      async (place, api) => {
        const id = String((await place.run(RUN)).last().id);
        const retry = ['resume', id, '--retry', '--json', '--no-input'];
        expect((await place.run(retry)).code).toBe(6);
        expect(api.asked('create')).toBe(2);
        expect((await place.run(retry)).last()).toMatchObject({ type: 'completed', jobSpecId: 'job_1' });
        expect(api.asked('create')).toBe(3);
      },
    ));

  it('refuses decisions that cannot be meant: 2, and nothing is sent', () =>
    within({}, async (place, api) => {
      const done = String((await place.run(RUN)).last().id);
      const asked = api.asked('create');
      for (const flags of [
        ['--all', '--retry'],
        [done, '--retry'],
        [done, '--retry', '--adopt', 'x'],
        [done, '--adopt', ' '],
      ])
        expect((await place.run(['resume', ...flags, '--no-input'])).code).toBe(2);
      expect(api.asked('create')).toBe(asked);
    }));

  it('waits for the limit that the API itself names, and creates once more', () =>
    within(
      {
        create: (response, count) =>
          count === 1 &&
          says(429, '', { 'X-RateLimit-Remaining': '0', 'X-RateLimit-Reset': '1' })(response, count),
      },
      async (place, api) => {
        expect((await place.run(RUN)).code).toBe(0);
        expect(api.asked('create')).toBe(2);
      },
    ));
});

describe.concurrent('interrupted while a create is in flight', () => {
  /** Answers a create on demand. */
  function slowCreate() {
    const gate = new EventTarget();
    const seen = once(gate, 'seen');
    const hook: Hook = async () => {
      const answer = once(gate, 'answer');
      gate.dispatchEvent(new Event('seen'));
      await answer;
      return false;
    };
    return { hook, seen, answer: () => gate.dispatchEvent(new Event('answer')) };
  }

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s waits for the answer, and keeps it', (signal) => {
    const create = slowCreate();
    return within({ create: create.hook }, async (place, api) => {
      const cli = place.start(RUN);
      await create.seen;
      cli.child.kill(signal);
      await cli.shows(/waiting a few seconds for the answer/);
      create.answer();
      const result = await cli.result;
      expect(result.code).toBe(130);
      expect(result.last()).toMatchObject({ type: 'detached', reason: 'interrupted', jobSpecId: 'job_1' });
      expect(api.asked('confirm')).toBe(0);
      const resumed = await place.run(['resume', '--all', '--json', '--no-input']);
      expect(resumed.last()).toMatchObject({ type: 'completed', jobSpecId: 'job_1' });
      expect(api.asked('create')).toBe(1);
    });
  });

  it('a second signal leaves at once; the outcome is unknown, and stays to be decided', () => {
    const create = slowCreate();
    return within({ create: create.hook }, async (place, api) => {
      const cli = place.start(RUN);
      await create.seen;
      cli.child.kill('SIGINT');
      await cli.shows(/waiting a few seconds/);
      cli.child.kill('SIGINT');
      expect((await cli.result).code).toBe(130);
      create.answer();
      const resumed = await place.run(['resume', '--all', '--json', '--no-input']);
      expect(resumed.code).toBe(6);
      const id = String(resumed.last().id);
      const adopted = await place.run(['resume', id, '--adopt', 'job_1', '--json', '--no-input']);
      expect(adopted.code).toBe(0);
      expect(api.asked('create')).toBe(1);
    });
  });
});
