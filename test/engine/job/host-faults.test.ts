import { describe, expect, it } from 'vitest';
import { asFailure } from '../../../src/engine/binding/as-failure.js';
import { type JobLogger, type StartOptions, startGoalJob } from '../../../src/engine/job/index.js';
import type { JobPorts } from '../../../src/machines/ports.js';
import { newJob } from '../../support/run-scripted.js';
import { scriptedPorts } from '../../support/scripted-ports.js';
import { createVirtualClock } from '../../support/virtual-clock.js';

interface Line {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

function keeping(): { readonly logger: JobLogger; readonly errors: Line[] } {
  const errors: Line[] = [];
  const ignore = (): void => undefined;
  const logger: JobLogger = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (fields, message) => void errors.push({ fields: { ...fields }, message }),
    child: () => logger,
  };
  return { logger, errors };
}

function thrower(): never {
  throw new TypeError('x is not a function');
}

async function run(replaced: Partial<JobPorts>, more: Partial<StartOptions> = {}) {
  const clock = createVirtualClock();
  const { ports } = scriptedPorts(clock);
  const { logger, errors } = keeping();
  const all = { ports: { ...ports, ...replaced }, input: newJob, clock, random: () => 0.5, logger, ...more };
  const handle = startGoalJob(all);
  await clock.runUntil(() => handle.actor.getSnapshot().status !== 'active', 3_600_000);
  return { errors, handle, context: handle.actor.getSnapshot().context };
}

const faultOf = ({ context }: Awaited<ReturnType<typeof run>>): string =>
  JSON.stringify(context.failure ?? {});

describe('a port that throws what is no failure', () => {
  const names = ['inspectFiles', 'loadCatalog', 'uploadFile', 'startTurn', 'saveResult', 'pollTurn'] as const;

  it.each(names)('is named, and its stack is in the log: %s', async (name) => {
    const result = await run({ [name]: async () => thrower() });
    expect(faultOf(result)).toContain(`the port ${name} threw: x is not a function`);
    expect(result.errors[0]).toMatchObject({
      fields: { function: `the port ${name}`, stack: expect.stringContaining('at thrower') },
      message: `the port ${name} threw`,
    });
  });

  it('is named also where it is none, or throws at once', async () => {
    expect(faultOf(await run({ uploadFile: undefined as never }))).toContain('the port uploadFile threw');
    expect(faultOf(await run({ uploadFile: thrower }))).toContain('the port uploadFile threw');
  });
});

describe('a port that resolves with what is no result', () => {
  it.each([
    ['loadCatalog', null, 'null instead of a list'],
    ['inspectFiles', undefined, 'undefined instead of a list'],
    ['inspectFiles', {}, 'of type object instead of a list'],
    ['uploadFile', null, 'null instead of an object'],
    ['createJob', undefined, 'undefined instead of an object'],
    ['confirmJob', undefined, 'undefined instead of an object'],
    ['getStatus', 'done', '"done" instead of an object'],
    ['getDownload', null, 'null instead of an object'],
  ])('is named, here and in the log: %s with %j', async (name, value, words) => {
    const said = `the port ${name} resolved with ${words}`;
    const result = await run({ [name]: async () => value });
    expect(faultOf(result)).toContain(said.replaceAll('"', '\\"'));
    expect(result.errors[0]).toMatchObject({ fields: { function: `the port ${name}` }, message: said });
  });

  it('may have created a job', async () => {
    const { handle } = await run(
      { createJob: async () => undefined as never },
      { input: { ...newJob, onUnknownOutcome: 'fail' } },
    );
    expect(await handle.result()).toMatchObject({ status: 'detached', reason: 'outcome-unknown' });
  });
});

it('a log that throws changes no failure', async () => {
  const deaf = thrower as () => never;
  const logger: JobLogger = { debug: deaf, info: deaf, warn: deaf, error: deaf, child: deaf };
  const { context } = await run({ uploadFile: async () => Promise.reject(new Error('no disk')) }, { logger });
  expect(context.failure?.message).toBe('the port uploadFile threw: no disk');
});

it('what must be done before a request leaves is named, and nothing was sent', async () => {
  const result = await run({}, { beforeEffect: async () => thrower() });
  expect(result.context.failure).toMatchObject({
    message: 'beforeEffect threw: x is not a function',
    delivery: 'not-sent',
  });
  expect(result.errors[0]?.fields).toMatchObject({ function: 'beforeEffect' });
});

it('a listener that throws is named in the log, with its stack, and stops nothing', async () => {
  const clock = createVirtualClock();
  const { logger, errors } = keeping();
  const handle = startGoalJob({ ports: scriptedPorts(clock).ports, input: newJob, clock, logger });
  handle.on('created', function onCreated() {
    thrower();
  });
  await clock.runUntil(() => handle.actor.getSnapshot().status !== 'active');
  expect(handle.view().state).toBe('completed');
  expect(errors).toMatchObject([
    {
      fields: {
        event: 'created',
        function: 'the listener onCreated',
        stack: expect.stringContaining('at thrower'),
      },
    },
  ]);
});

it('an inspector that throws is named once, and stops nothing', async () => {
  const { handle, errors } = await run({}, { inspect: thrower });
  expect(handle.view().state).toBe('completed');
  expect(errors.map(({ fields }) => fields.function)).toEqual(['inspect']);
});

it('a logger that throws stops nothing', async () => {
  const broken: JobLogger = {
    debug: thrower,
    info: thrower,
    warn: thrower,
    error: thrower,
    child: () => broken,
  };
  expect((await run({}, { logger: broken })).handle.view().state).toBe('completed');
});

describe('an unawaited rejection of a function of the host', () => {
  const rejecting = async (): Promise<never> => thrower();

  it('ends no process: a listener', async () => {
    const clock = createVirtualClock();
    const { logger, errors } = keeping();
    const handle = startGoalJob({ ports: scriptedPorts(clock).ports, input: newJob, clock, logger });
    handle.on('created', rejecting);
    await clock.runUntil(() => handle.actor.getSnapshot().status !== 'active');
    expect(handle.view().state).toBe('completed');
    expect(errors).toMatchObject([{ fields: { function: 'the listener rejecting' } }]);
  });

  it('ends no process: an inspector, logged once', async () => {
    const { handle, errors } = await run({}, { inspect: rejecting });
    expect(handle.view().state).toBe('completed');
    expect(errors.map(({ fields }) => fields.function)).toEqual(['inspect']);
  });

  it('ends no process: a logger', async () => {
    const broken: JobLogger = {
      debug: rejecting,
      info: rejecting,
      warn: rejecting,
      error: rejecting,
      child: () => broken,
    };
    expect((await run({}, { logger: broken })).handle.view().state).toBe('completed');
  });
});

describe('a port that answers with nothing it may answer with', () => {
  it.each(['inspectFiles', 'loadCatalog', 'confirmJob'] as const)(
    'ends the job, and no process: %s',
    async (name) => {
      const { handle } = await run({ [name]: async () => undefined });
      expect(await handle.result()).toMatchObject({ failure: { kind: 'internal' } });
    },
  );

  it.each([[undefined], [{}], [{ fileId: 7 }]])('is named where it is uploadFile: %j', async (answer) => {
    let created = 0;
    const result = await run({
      uploadFile: async () => answer as never,
      createJob: async () => {
        created += 1;
        return thrower();
      },
    });
    expect(faultOf(result)).toMatch(/the port uploadFile (threw|resolved with undefined)/);
    expect(created).toBe(0);
  });
});

describe('whatever is thrown', () => {
  const throwing = new Proxy(
    {},
    {
      get: () => thrower(),
      has: () => thrower(),
    },
  );

  it.each([
    ['undefined', () => undefined],
    ['an object that is no text', () => ({ toString: 1 })],
    ['a null-prototype object', () => Object.create(null)],
    ['a toJSON that throws', () => ({ toJSON: thrower })],
    ['a proxy that throws', () => throwing],
    ['a symbol', () => Symbol('x')],
    ['a failure without its words', () => ({ kind: 'server', delivery: 'unknown' })],
    ['a message of megabytes', () => new Error('x'.repeat(1e7))],
  ])('is plain data in the end: %s', (_, thrown) => {
    const failure = asFailure(thrown(), 'the port x');
    expect(failure).toMatchObject({ kind: 'internal', delivery: 'unknown' });
    expect(failure.message).toMatch(/^the port x threw: /);
    expect(JSON.stringify(failure).length).toBeLessThan(20_000);
  });
});
