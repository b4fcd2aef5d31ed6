import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UsageError } from '../../../../src/adapters/cli/ends/usage-error.js';
import { parseAnswers, readAnswers } from '../../../../src/adapters/cli/flags/answers-file.js';

let directory = '';
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'goal-lane-answers-'));
});
afterAll(() => rm(directory, { recursive: true }));

const JSON_TEXT = '{"tone":"wärmer 😀"}';
const bom = (text: string): string => `\ufeff${text}`;
const utf16 = (text: string): Buffer => Buffer.from(text, 'utf16le');

async function written(bytes: string | Buffer): Promise<string> {
  const path = join(directory, 'answers.json');
  await writeFile(path, bytes);
  return path;
}

describe('an answers file', () => {
  it.each([
    ['UTF-8', Buffer.from(JSON_TEXT)],
    ['UTF-8 with a byte-order mark', Buffer.from(bom(JSON_TEXT))],
    ['UTF-16 LE', utf16(bom(JSON_TEXT))],
    ['UTF-16 BE', utf16(bom(JSON_TEXT)).swap16()],
    ['UTF-16 LE without a mark', utf16(JSON_TEXT)],
    ['UTF-16 BE without a mark', utf16(JSON_TEXT).swap16()],
  ])('is read as %s', async (_, bytes) => {
    expect(await readAnswers(await written(bytes))).toEqual({ tone: 'wärmer 😀' });
  });

  it('may take its time where it is a file: a busy machine is no reason to refuse it', async () => {
    const path = await written(JSON_TEXT);
    expect(await readAnswers(path, { bytes: 1_000, ms: -1 })).toEqual({ tone: 'wärmer 😀' });
  });

  it.each([
    ['other bytes', Buffer.from([0x7b, 0x22, 0xe4, 0x22, 0x7d]), 'neither UTF-8 nor UTF-16'],
    ['nothing', '', 'not JSON'],
    ['a value that is too deep', `{"a":${'['.repeat(50)}${']'.repeat(50)}}`, 'nested too deep'],
  ])('with %s is refused', async (_, bytes, words) => {
    await expect(readAnswers(await written(bytes))).rejects.toThrow(words);
  });

  it('that is too large is not read to its end', async () => {
    const path = await written('x'.repeat(5_000));
    await expect(readAnswers(path, { bytes: 1_000, ms: 15_000 })).rejects.toThrow('more than 0.001 MB');
  });

  it('that is a directory is refused', async () => {
    await expect(readAnswers(directory)).rejects.toThrow('it is a directory');
  });

  it('keeps names that JavaScript has plans for, and every digit', () => {
    const answers = parseAnswers('{"__proto__":"a","constructor":["b"],"id":9007199254740993}', 'a.json');
    expect(Object.entries(answers)).toEqual([
      ['__proto__', 'a'],
      ['constructor', ['b']],
      ['id', '9007199254740993'],
    ]);
  });
});

describe('answers from a pipe', () => {
  const pipe = (name: string): string => {
    const path = join(directory, name);
    execFileSync('mkfifo', [path]);
    return path;
  };

  it('are read to their end, however slowly they come', async () => {
    const path = pipe('slow');
    const closed = once(
      spawn('sh', ['-c', `exec 3> "$0"; printf '{"tone":' >&3; sleep 0.2; printf '"warm"}' >&3`, path]),
      'close',
    );
    expect(await readAnswers(path)).toEqual({ tone: 'warm' });
    await closed;
  });

  it('are given up if nothing is written', async () => {
    const refused = readAnswers(pipe('silent'), { bytes: 1_000, ms: 100 });
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow('it had not ended after 0.1 s');
  });

  it('are given up where they never end', async () => {
    const path = pipe('endless');
    const closed = once(spawn('sh', ['-c', 'yes > "$0"', path]), 'close');
    await expect(readAnswers(path)).rejects.toThrow('more than 16 MB');
    await closed;
  });
});
