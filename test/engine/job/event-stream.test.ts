import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventStream } from '../../../src/engine/job/event-stream.js';
import { runScripted } from '../../support/run-scripted.js';
import { job } from '../../support/scripted-ports.js';

const DONE = { value: undefined, done: true };

describe('a reader of events', () => {
  it('that stops ends what it was waiting for', async () => {
    const stream = createEventStream<number>();
    const reader = stream.reader();
    const pending = reader.next();
    expect(await reader.return?.()).toEqual(DONE);
    expect(await pending).toEqual(DONE);
    stream.push(1);
    expect(await reader.next()).toEqual(DONE);
  });

  it('that asks twice at once gets two events, in order', async () => {
    const stream = createEventStream<number>();
    const reader = stream.reader();
    const both = Promise.all([reader.next(), reader.next()]);
    stream.push(1);
    stream.push(2);
    expect((await both).map(({ value }) => value)).toEqual([1, 2]);
  });

  it('that asks twice at once gets the end twice', async () => {
    const stream = createEventStream<number>();
    const reader = stream.reader();
    const both = Promise.all([reader.next(), reader.next()]);
    stream.end();
    expect(await both).toEqual([DONE, DONE]);
  });

  it('that began behind the end is done', async () => {
    const stream = createEventStream<number>();
    stream.end();
    expect(await stream.reader().next()).toEqual(DONE);
  });

  it('gets each event once and in order, in any interleaving of reads and events', async () => {
    const steps = fc.array(fc.constantFrom('ask', 'tell'), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(steps, async (mixed) => {
        const stream = createEventStream<number>();
        const reader = stream.reader();
        const asked: Promise<IteratorResult<number>>[] = [];
        let reported = 0;
        for (const step of mixed) {
          if (step === 'ask') asked.push(reader.next());
          else stream.push(reported++);
        }
        stream.end();
        const results = await Promise.all(asked);
        const values = results.flatMap((result) => (result.done ? [] : [result.value]));
        expect(values).toEqual(Array.from({ length: Math.min(reported, asked.length) }, (_, at) => at));
      }),
    );
  });
});

it("a job's iterator that is closed while it waits ends at once", async () => {
  const slots = [{ slotId: 'tone', type: 'text', required: true }];
  const { handle } = await runScripted({ createJob: [job({ slots })] });
  const reader = handle[Symbol.asyncIterator]();
  const pending = reader.next();
  await reader.return?.();
  expect(await pending).toEqual(DONE);
  await handle.detach();
});
