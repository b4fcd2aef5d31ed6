import { expect, it } from 'vitest';
import { remembered } from '../../src/services/remembered.js';

function counted() {
  const read: string[] = [];
  const ask = remembered((text) => {
    read.push(text);
    if (text === 'bad') throw new Error('bad');
    return text === 'nothing' ? undefined : text.toUpperCase();
  });
  return { read, ask };
}

it('reads a text once, however often it comes, also where it says nothing', () => {
  const { read, ask } = counted();
  expect([ask('a'), ask('a'), ask('nothing'), ask('nothing')]).toEqual(['A', 'A', undefined, undefined]);
  expect(read).toEqual(['a', 'nothing']);
});

it('does not remember what could not be read', () => {
  const { read, ask } = counted();
  for (const _ of [1, 2]) expect(() => ask('bad')).toThrow('bad');
  expect(read).toEqual(['bad', 'bad']);
});

it('keeps what comes again and again, and no more than some hundreds of others', () => {
  const { read, ask } = counted();
  for (let at = 0; at < 5_000; at += 1) {
    ask('again');
    ask(`other ${at}`);
  }
  expect(read.filter((text) => text === 'again')).toHaveLength(1);
  expect(ask('other 0')).toBe('OTHER 0');
  expect(read.filter((text) => text === 'other 0')).toHaveLength(2);
});

it('reads a long text each time: it is not kept', () => {
  const { read, ask } = counted();
  const long = 'x'.repeat(3_000);
  ask(long);
  ask(long);
  expect(read).toEqual([long, long]);
});
