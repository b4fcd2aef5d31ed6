import { expect, it } from 'vitest';
import type { JobLogger } from '../../../src/engine/job/job-logger.js';
import { Listeners } from '../../../src/engine/job/listeners.js';

interface Event {
  readonly type: string;
  readonly jobId: string;
}

function scene() {
  const errors: object[] = [];
  const ignore = (): void => undefined;
  const logger: JobLogger = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (fields) => void errors.push(fields),
    child: () => logger,
  };
  return { errors, listeners: new Listeners<Event>(logger, ({ jobId }) => jobId) };
}

it('calls each listener for its own type, and for all types with *', () => {
  const { listeners } = scene();
  const heard: string[] = [];
  listeners.listen('created', ({ type }: Event) => heard.push(`own ${type}`));
  listeners.listen('*', ({ type }: Event) => heard.push(`any ${type}`));
  listeners.notify({ type: 'created', jobId: 'a' });
  listeners.notify({ type: 'failed', jobId: 'a' });
  expect(heard).toEqual(['own created', 'any created', 'any failed']);
});

it('calls a listener once per subscription, and never after it unsubscribes', () => {
  const { listeners } = scene();
  const heard: string[] = [];
  const stop = listeners.listen('*', () => heard.push('first'));
  listeners.listen('*', () => heard.push('second'));
  stop();
  stop();
  listeners.notify({ type: 'created', jobId: 'a' });
  expect(heard).toEqual(['second']);
});

it('survives a listener that throws: the others hear, and the log says whose it was', () => {
  const { listeners, errors } = scene();
  const heard: string[] = [];
  listeners.listen('*', function careless() {
    throw new Error('its own fault');
  });
  listeners.listen('*', () => heard.push('second'));
  listeners.notify({ type: 'created', jobId: 'job of the test' });
  expect(heard).toEqual(['second']);
  expect(errors).toMatchObject([
    { job: 'job of the test', event: 'created', function: 'the listener careless' },
  ]);
});

it('calls a listener that was added during an event from the next event on', () => {
  const { listeners } = scene();
  const heard: string[] = [];
  listeners.listen('first', () => void listeners.listen('*', ({ type }: Event) => heard.push(type)));
  listeners.notify({ type: 'first', jobId: 'a' });
  listeners.notify({ type: 'second', jobId: 'a' });
  expect(heard).toEqual(['second']);
});
