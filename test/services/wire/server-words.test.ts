import { describe, expect, it } from 'vitest';
import { fieldErrorsOf, plainWords, serverWords } from '../../../src/services/wire/server-words.js';

const nested = (depth: number): unknown =>
  Array.from({ length: depth }).reduce((inner: unknown) => ({ message: inner }), 'deep');

describe('plainWords', () => {
  it.each([
    ['plain', 'plain'],
    ['  two \n\t words  ', 'two words'],
    ['<p>not <b>found</b></p>', 'not found'],
    ['a<script>alert(1)\n</script>b<STYLE type="x">p{}</STYLE>c', 'a b c'],
    ['a<script>b</style>c</script>d', 'a d'],
    ['<script>one</script>kept<script>two</script>', 'kept'],
    ['a\u0000\u001b\u009fb\u202ec', 'a b c'],
    ['a\ud800b', 'a b'],
    ['one<br>two', 'one two'],
    [`😀${'x'.repeat(300)}`, `😀${'x'.repeat(298)}…`],
    ['x'.repeat(300), 'x'.repeat(300)],
    ['x'.repeat(301), `${'x'.repeat(300)}…`],
    [`${'x'.repeat(299)}😀y`, `${'x'.repeat(299)}…`],
    [`${' '.repeat(16_384)}late`, ''],
    ['', ''],
  ])('%j', (text, words) => expect(plainWords(text)).toBe(words));
});

describe('serverWords', () => {
  it.each<[string, unknown, object]>([
    [
      'the shape of the reference',
      { error: 'conflict', message: 'version is 4' },
      { error: 'conflict', message: 'version is 4' },
    ],
    ['text', ' not found ', { message: 'not found' }],
    ['an empty text', ' ', {}],
    ['a list', [{ message: 'no' }], {}],
    ['nothing', undefined, {}],
    ['null', null, {}],
    ['an error as an object', { error: { code: 'E1', message: 'no' } }, { error: 'E1', message: 'no' }],
    ['an error with a type', { error: { type: 'bad' } }, { error: 'bad' }],
    ['a numeric code', { error: { code: 400 } }, { error: '400' }],
    ['a detail as text', { detail: 'no' }, { message: 'no' }],
    ['a title', { title: 'no', detail: { a: 1 } }, { message: 'no' }],
    ['the message before the detail', { message: 'a', detail: 'b', title: 'c' }, { message: 'a' }],
    ['the inner message before the detail', { error: { message: 'a' }, detail: 'b' }, { message: 'a' }],
    ['a message in a message', { message: { detail: 'no' } }, { message: 'no' }],
    ['a message that is true', { message: true }, { message: 'true' }],
    ['a message of six levels', { message: nested(5) }, { message: 'deep' }],
    ['a message of six objects', { message: nested(6) }, { message: 'deep' }],
    ['a deeper one', { message: nested(7) }, {}],
    ['a message that is a list', { message: ['no'] }, {}],
    ['an empty message', { message: '' }, {}],
    ['a name of an error that is a list', { error: ['no'] }, {}],
  ])('of %s', (_name, body, words) => {
    expect(serverWords(body)).toStrictEqual({ fieldErrors: [], ...words });
  });

  it.each<[string, unknown]>([
    ['errors', { errors: [{ field: 'tone', message: 'no' }] }],
    ['errors in the error', { error: { errors: [{ field: 'tone', message: 'no' }] } }],
    ['details', { details: [{ field: 'tone', message: 'no' }] }],
    ['a detail that is a list', { detail: [{ field: 'tone', message: 'no' }] }],
  ])('finds fields in %s', (_name, body) => {
    expect(serverWords(body)).toStrictEqual({ fieldErrors: [{ field: 'tone', message: 'no' }] });
  });
});

describe('fieldErrorsOf', () => {
  it.each<[string, unknown, readonly { field: string; message: string }[]]>([
    ['nothing', undefined, []],
    ['text', 'no', []],
    ['entries of text', ['no'], [{ field: '', message: 'no' }]],
    ['entries of nothing', [null, [], ''], Array(3).fill({ field: '', message: 'not valid' })],
    ['an entry without a field', [{ message: 'no' }], [{ field: '', message: 'no' }]],
    ['an entry without a message', [{ field: 'a' }], [{ field: 'a', message: 'not valid' }]],
    [
      'a map',
      { a: 'no', b: ['one', { msg: 'two' }] },
      [
        { field: 'a', message: 'no' },
        { field: 'b', message: 'one' },
        { field: 'b', message: 'two' },
      ],
    ],
    [
      'a map of nothing',
      { a: null, '<b>b</b>': {} },
      [
        { field: 'a', message: 'not valid' },
        { field: 'b', message: 'not valid' },
      ],
    ],
    [
      'a path of several steps',
      [{ loc: ['body', 'slots', 0, null, { a: 1 }, 'value'], msg: 'no' }],
      [{ field: 'body.slots.0.value', message: 'no' }],
    ],
    [
      'a source with a pointer',
      [{ source: { pointer: '/slots/0' }, detail: 'no' }],
      [{ field: '/slots/0', message: 'no' }],
    ],
    [
      'an empty field before a path',
      [{ field: '', path: 'a', message: 'no' }],
      [{ field: 'a', message: 'no' }],
    ],
    ['a field that is a number', [{ field: 7, name: 'a', message: 'no' }], [{ field: 'a', message: 'no' }]],
    ['a field in markup', [{ field: '<i>a</i>', message: '<b>no</b>' }], [{ field: 'a', message: 'no' }]],
    [
      'the rest of a list in a map',
      { a: Array(60).fill('no') },
      [...Array(50).fill({ field: 'a', message: 'no' })],
    ],
  ])('of %s', (_name, errors, expected) => expect(fieldErrorsOf(errors)).toEqual(expected));

  it.each(['field', 'slotId', 'slot_id', 'path', 'loc', 'param', 'pointer', 'name'])(
    'reads %s as the field',
    (key) =>
      expect(fieldErrorsOf([{ [key]: 'tone', message: 'no' }])).toEqual([{ field: 'tone', message: 'no' }]),
  );

  it.each(['message', 'msg', 'error', 'detail', 'reason', 'description', 'code'])(
    'reads %s as the message',
    (key) =>
      expect(fieldErrorsOf([{ field: 'tone', [key]: 'no' }])).toEqual([{ field: 'tone', message: 'no' }]),
  );

  it('counts what it leaves out', () => {
    const map = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`f${at}`, 'no']));
    for (const errors of [Array(51).fill({ field: 'a', message: 'no' }), map]) {
      expect(fieldErrorsOf(errors)).toHaveLength(50);
      expect(fieldErrorsOf(errors).at(-1)).toEqual({ field: '', message: 'and 2 more' });
    }
  });

  it('follows a field as deep as six objects', () => {
    const source = (depth: number): unknown =>
      Array.from({ length: depth }).reduce((inner: unknown) => ({ source: inner }), 'tone');
    expect(fieldErrorsOf([source(6)])[0]?.field).toBe('tone');
    expect(fieldErrorsOf([source(7)])[0]?.field).toBe('');
    const long = Array.from({ length: 60 }, () => 'a');
    expect(fieldErrorsOf([{ loc: long }])[0]?.field).toBe(long.slice(0, 50).join('.'));
  });
});
