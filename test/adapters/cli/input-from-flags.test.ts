import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../src/adapters/cli/ends/usage-error.js';
import { parseAnswers, readAnswers } from '../../../src/adapters/cli/flags/answers-file.js';
import {
  apiKeyFrom,
  baseUrlFrom,
  isKeyInClear,
  parseMaxWait,
  parsePort,
} from '../../../src/adapters/cli/flags/settings.js';
import { parseSlotFlags } from '../../../src/adapters/cli/flags/slot-flags.js';

describe('--slot', () => {
  it('takes everything behind the first = as the value', () => {
    expect(parseSlotFlags(['tone=warm', 'note=a=b', 'empty=', ' x = y '])).toEqual({
      tone: 'warm',
      note: 'a=b',
      empty: '',
      x: ' y ',
    });
  });

  it.each([[['tone']], [['=warm']], [['tone=a', 'tone=b']]])('refuses %j', (flags) => {
    expect(() => parseSlotFlags(flags)).toThrow(UsageError);
  });

  it('takes names that JavaScript has plans for', () => {
    expect(Object.entries(parseSlotFlags(['__proto__=x', 'constructor=y']))).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });
});

describe('--answers', () => {
  it('maps slots to values and to lists of values', () => {
    const text = '\ufeff{"tone":"warm","titles":["a",["b","c"]],"n":3,"yes":true,"no":null}';
    expect(parseAnswers(text, 'a.json')).toEqual({
      tone: 'warm',
      titles: ['a', ['b', 'c']],
      n: 3,
      yes: true,
      no: null,
    });
  });

  it.each([
    ['{"a":', 'not JSON'],
    ['[1]', 'not an object'],
    ['"x"', 'not an object'],
    ['null', 'not an object'],
    ['{"a":{"b":1}}', 'the value of a is an object'],
  ])('refuses %s', (text, why) => {
    expect(() => parseAnswers(text, 'a.json')).toThrow(why);
  });

  it('says which file it cannot read, and reads one that it can', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'goal-lane-'));
    try {
      const path = join(directory, 'answers.json');
      await expect(readAnswers(path)).rejects.toThrow(`--answers ${path}: cannot be read`);
      await writeFile(path, '{"tone":"warm"}');
      expect(await readAnswers(path)).toEqual({ tone: 'warm' });
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe('the key', () => {
  it('comes from the environment', () => {
    expect(apiKeyFrom({ CONVILYN_API_KEY: ' key_1\n' })).toBe('key_1');
    expect(() => apiKeyFrom({})).toThrow('CONVILYN_API_KEY is not set');
    expect(() => apiKeyFrom({ CONVILYN_API_KEY: '  ' })).toThrow(UsageError);
  });
});

describe('the base URL', () => {
  it('is the flag, then the environment', () => {
    const env = { CONVILYN_BASE_URL: 'http://127.0.0.1:1/api/v1' };
    expect(baseUrlFrom('https://x.test/v1', env)).toBe('https://x.test/v1');
    expect(baseUrlFrom(undefined, env)).toBe('http://127.0.0.1:1/api/v1');
    expect(baseUrlFrom(undefined, {})).toBeUndefined();
  });

  it('warns if the key would be sent unencrypted', () => {
    const urls = [
      'http://x.test',
      'https://x.test',
      'http://127.0.0.1:80',
      'http://localhost',
      'http://[::1]:1',
      'no url',
    ];
    expect(urls.map(isKeyInClear)).toEqual([true, false, false, false, false, false]);
  });
});

describe('numbers', () => {
  it('reads seconds and ports, and refuses all else', () => {
    expect(parseMaxWait('0.5')).toBe(500);
    for (const bad of ['', ' ', 'soon', '-1', 'Infinity', 'NaN'])
      expect(() => parseMaxWait(bad)).toThrow(UsageError);
    expect(parsePort('0')).toBe(0);
    for (const bad of ['', '65536', '-1', '8e3', 'http']) expect(() => parsePort(bad)).toThrow(UsageError);
  });
});
