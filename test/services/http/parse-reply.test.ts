import { describe, expect, it } from 'vitest';
import { parseReply } from '../../../src/services/http/parse-reply.js';
import {
  catalogSchema,
  downloadSchema,
  jobSchema,
  statusSchema,
  uploadSchema,
} from '../../../src/services/wire/schemas.js';

describe('a reply that is not as the reference says', () => {
  it.each([
    ['an empty id', uploadSchema, { file_id: '' }, 'fileId: expected text that is not empty'],
    ['half of a character', uploadSchema, { file_id: 'a\ud800' }, 'fileId: expected whole characters'],
    [
      'an endless id',
      uploadSchema,
      { file_id: 'a'.repeat(9_000) },
      'fileId: expected at most 8000 characters',
    ],
    ['a script for a URL', downloadSchema, { url: 'javascript:0' }, 'url: expected URL of http or https'],
    ['one slash for two', downloadSchema, { url: 'https:/s' }, 'url: expected URL of http or https'],
    ['a number for a URL', downloadSchema, { url: 5 }, 'url: expected string, received number'],
    ['a list for a status', statusSchema, [], 'body: expected object, received array'],
    ['a job without an id', jobSchema(), {}, 'body: jobSpecId is missing'],
    ['a job that says nothing', jobSchema('j'), {}, 'body: status, itemVersion and slots are missing'],
    ['a status without a status', statusSchema, {}, 'status: status is missing'],
    ['a catalog without ids', catalogSchema, [{ name: 'x' }], 'body: no item has a spec_id'],
  ])('names the field and what was expected: %s', (_name, schema, body, words) => {
    expect(() => parseReply<unknown>(schema, 'POST', '/x', JSON.stringify(body))).toThrow(
      `POST /x answered, but not as the reference says: ${words}`,
    );
  });

  it('an address is read as browsers read it', () => {
    const body = JSON.stringify({ url: ' https://s/a\tb\n' });
    expect(parseReply(downloadSchema, 'GET', '/x', body)).toEqual({ url: 'https://s/ab' });
  });
});
