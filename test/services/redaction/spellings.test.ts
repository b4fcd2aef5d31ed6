import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/services/redaction/redactor.js';

const ENTITIES: Readonly<Record<string, string>> = {
  '/': '&sol;',
  '&': '&amp;',
  '<': '&lt;',
  '=': '&equals;',
  _: '&lowbar;',
};

const each =
  (write: (letter: string) => string) =>
  (text: string): string =>
    [...text].map(write).join('');
const hex = (letter: string, width: number): string => letter.charCodeAt(0).toString(16).padStart(width, '0');
const url = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_');
const json = (text: string): string => JSON.stringify(text).slice(1, -1);
const percent = each((letter) => `%${hex(letter, 2).toUpperCase()}`);

/** Ways in which a server, a proxy or a log may spell what it was sent. */
const SPELLINGS: Readonly<Record<string, (key: string) => string>> = {
  'as it is': (key) => key,
  'in JSON': json,
  'in JSON of PHP': (key) => json(key).replaceAll('/', '\\/'),
  'as \\u002d': each((letter) => `\\u${hex(letter, 4)}`),
  'as \\u002D': each((letter) => (/\w/.test(letter) ? letter : `\\u${hex(letter, 4).toUpperCase()}`)),
  'as \\x2d': each((letter) => (/\w/.test(letter) ? letter : `\\x${hex(letter, 2)}`)),
  'percent-encoded': encodeURIComponent,
  'percent-encoded, every letter': percent,
  'percent-encoded, in lower case': (key) =>
    percent(key)
      .toLowerCase()
      .replaceAll(/%[0-9a-f]{2}/g, (code) => code),
  'percent-encoded twice': (key) => encodeURIComponent(percent(key)),
  'in HTML': each((letter) => ENTITIES[letter] ?? letter),
  'in decimal entities': each((letter) => `&#${letter.charCodeAt(0)};`),
  'in hexadecimal entities': each((letter) => `&#x${hex(letter, 2)};`),
  'in JSON in JSON': (key) => json(json(key)),
  'percent-encoded in JSON of PHP': (key) => json(encodeURIComponent(key)).replaceAll('/', '\\/'),
  'in base64': btoa,
  'in base64 of a header': (key) => btoa(`Bearer ${key}`),
  'in base64url of a header': (key) => url(btoa(`Bearer ${key}`)).replace(/=+$/, ''),
  'as a user in Basic': (key) => btoa(`${key}:`),
  'as a password in Basic': (key) => btoa(`me:${key}`),
  'in base64, percent-encoded': (key) => encodeURIComponent(btoa(`x${key}`)),
  'with what is not seen in between': (key) => key.split('').join('\u200b'),
  'over two lines': (key) => `${key.slice(0, 7)}\r\n${key.slice(7)}`,
};

const WINDOW = 8;

function windowsOf(text: string): string[] {
  return Array.from({ length: Math.max(0, text.length - WINDOW + 1) }, (_, at) =>
    text.slice(at, at + WINDOW),
  );
}

/** All that can be read in a text by undoing one spelling, or two. */
function readings(text: string): string[] {
  const undone = (value: string): string[] => [
    value.replace(/%([0-9a-f]{2})/gi, (_, code) => String.fromCharCode(Number.parseInt(code, 16))),
    value.replace(/\\[ux](?:00)?([0-9a-f]{2})/gi, (_, code) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    ),
    value.replace(/\\(.)/g, '$1'),
    value.replace(/&#(x?)([0-9a-f]+);/gi, (_, x, code) =>
      String.fromCharCode(Number.parseInt(code, x === '' ? 10 : 16)),
    ),
    value.replace(
      /&(\w+);/g,
      (all, name) => Object.entries(ENTITIES).find(([, one]) => one === `&${name};`)?.[0] ?? all,
    ),
    value.replace(/[\u200b\r\n]/g, ''),
    ...[...value.matchAll(/[A-Za-z0-9+/_-]{8,}={0,2}/g)].flatMap(({ 0: run }) =>
      [0, 1, 2, 3].map((at) => Buffer.from(run.slice(at), 'base64').toString('latin1')),
    ),
  ];
  const once = undone(text);
  return [text, ...once, ...once.flatMap(undone)];
}

function survivors(key: string, text: string): string[] {
  const all = readings(text).join('\n\n');
  return windowsOf(key).filter((window) => all.includes(window));
}

const LETTERS = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'];
const SIGNS = [...'-_.~+/=:!$&*,;<>%\\"#@'];
/** No two windows of it are alike, so that what is found is the key and not the text around it. */
const key = fc
  .array(
    fc.oneof(
      { weight: 6, arbitrary: fc.constantFrom(...LETTERS) },
      { weight: 1, arbitrary: fc.constantFrom(...SIGNS) },
    ),
    {
      minLength: WINDOW,
      maxLength: 60,
    },
  )
  .map((letters) => letters.join(''))
  .filter((text) => new Set(text).size > 5 && !/redacted/i.test(text));

/** What is left of an escape that was cut could be a letter of the key by chance. */
const keyWithoutSigns = key.filter((text) => !/[ux&#%\\]/i.test(text));

const around = fc.constantFrom(
  '',
  ' ',
  '"',
  'the key is ',
  'Bearer ',
  'https://api.example/x/',
  '{"a":"',
  '<b>',
  'é',
  '%',
  '\\',
);

describe('a key', () => {
  it.each(Object.entries(SPELLINGS))('is not shown %s, whatever stands around it', (_name, spell) => {
    fc.assert(
      fc.property(key, around, around, (secret, before, after) => {
        const redactor = createRedactor([secret]);
        expect(survivors(secret, redactor.shown(`${before}${spell(secret)}${after}`))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it.each(Object.entries(SPELLINGS))('is not shown %s, cut anywhere', (_name, spell) => {
    fc.assert(
      fc.property(keyWithoutSigns, fc.nat(), fc.nat(), (secret, one, other) => {
        const text = `said ${spell(secret)} then`;
        const [from = 0, to = 0] = [one, other].map((at) => at % (text.length + 1)).sort((a, b) => a - b);
        expect(survivors(secret, createRedactor([secret]).shown(text.slice(from, to)))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  it('is not in a reply, by its decoded values: the text of a success in JSON of any spelling', () => {
    fc.assert(
      fc.property(key, fc.constantFrom(...Object.values(SPELLINGS)), (secret, spell) => {
        const body = JSON.stringify({
          currentStep: spell(secret),
          jobSpecId: `j-${secret}`,
          [secret]: 1,
          progress: 3,
        })
          .replaceAll('/', '\\/')
          .replaceAll('-', '\\u002D');
        const reply = createRedactor([secret]).reply(body);
        expect(survivors(secret, JSON.stringify(JSON.parse(reply)))).toEqual([]);
        expect(JSON.parse(reply)).toMatchObject({ progress: 3 });
      }),
      { numRuns: 200 },
    );
  });

  it('leaves alone what holds nothing of it, and numbers that no double holds', () => {
    const redactor = createRedactor(['sk-live-0123456789abcdef']);
    const body =
      '{"id": 12345678901234567890, "url":"https:\\/\\/s.example\\/a?sig=x%2Fy", "name": "Caf\\u00e9"}';
    expect(redactor.reply(body)).toBe(body);
    const echo = body.replace('Caf', 'sk\\u002dlive-0123456789abcdef');
    expect(redactor.reply(echo)).toBe(body.replace('"Caf\\u00e9"', '"[redacted]é"'));
    expect(redactor.reply('{"error":[1,"it is sk-live-0123456789abcdef"')).not.toContain('0123');
  });

  it('leaves ids and URLs whole that begin with the same words as the key', () => {
    const redactor = createRedactor(['acme_production_0123456789abcdef']);
    const body = '{"jobSpecId":"acme_production_7","url":"https://acme.example/acme_production_x.zip"}';
    expect(redactor.reply(body)).toBe(body);
  });

  it('of digits is not a number either', () => {
    expect(createRedactor(['123456789012']).reply('{"error":123456789012,"n":1.5}')).toBe(
      '{"error":"[redacted]","n":1.5}',
    );
  });
});
