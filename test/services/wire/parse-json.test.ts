import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../../src/services/wire/parse-json.js';
import { jobSchema, uploadSchema } from '../../../src/services/wire/schemas.js';

describe('JSON with numbers that no double holds', () => {
  it.each([
    ['9007199254740993', '9007199254740993'],
    ['-9007199254740993', '-9007199254740993'],
    ['[12345678901234567890, 1]', ['12345678901234567890', 1]],
    ['{"a":12345678901234567890}', { a: '12345678901234567890' }],
    [
      '{"a":"12345678901234567890 \\" 12345678901234567890"}',
      { a: '12345678901234567890 " 12345678901234567890' },
    ],
    ['{"a\\\\":12345678901234567890}', { 'a\\': '12345678901234567890' }],
    ['"12345678901234567890"', '12345678901234567890'],
    ['9007199254740991', 9007199254740991],
    ['0.12345678901234567890', 0.12345678901234568],
    ['1.25000000000000000000e3', 1_250],
  ])('%s keeps its digits', (text, value) => expect(parseJson(text)).toEqual(value));

  it.each(['', '{', '12345678901234567890x', '"12345678901234567890', '{"a":12345678901234567890,}'])(
    'says of %s that it is none',
    (text) => expect(() => parseJson(text)).toThrow(SyntaxError),
  );

  it('reads everything else as JSON.parse does', () => {
    fc.assert(
      fc.property(
        fc.json().filter((json) => !/\d{16}/.test(json)),
        fc.bigInt({ min: 2n ** 53n }),
        (json, large) => {
          expect(parseJson(json)).toEqual(JSON.parse(json));
          expect(parseJson(`{"id":${large},"json":${json}}`)).toMatchObject({ id: String(large) });
        },
      ),
    );
  });

  it('keeps a name that JavaScript has plans for', () => {
    const parsed = parseJson('{"__proto__":12345678901234567890}');
    expect(Object.entries(parsed as object)).toEqual([['__proto__', '12345678901234567890']]);
  });
});

it('reads ids of the wire to the last digit', () => {
  const id = '9007199254740993';
  const job = jobSchema().parse(
    parseJson(
      `{"jobSpecId":${id},"status":"slot_needed","itemVersion":1,"checkpoint":{"checkpointId":${id},"slots":[{"slotId":${id}}]}}`,
    ),
  );
  expect(job.jobSpecId).toBe(id);
  expect(job.checkpoint).toMatchObject({ checkpointId: id, slots: [{ slotId: id }] });
  expect(uploadSchema.parse(parseJson(`{"file_id":${id}}`))).toEqual({ fileId: id });
});
