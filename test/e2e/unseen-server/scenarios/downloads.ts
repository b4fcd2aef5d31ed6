import type { Scenario } from '../scenario.js';
import type { StorageOptions } from '../storage-origin.js';

const EXTRA = ['one byte', 'two URLs have expired (403, XML)', 'the first URL has expired (400)'];

const stored = (name: string, storage: Partial<StorageOptions>, resultBytes = 900_000): Scenario => ({
  name: `result: ${name}`,
  isExtra: EXTRA.includes(name),
  // No ZIP is so short.
  server: { storage, resultBytes, ...(resultBytes < 200 ? { filename: 'output.txt' } : {}) },
  expected: { exit: 0 },
});

/** Tested one by one below the command; here, that the command saves them where they belong. */
const FEW = ['up and away', 'NUL', '300 letters of 3 bytes', 'empty'];

const named = (label: string, filename: unknown): Scenario => ({
  name: `filename: ${label}`,
  isExtra: !FEW.includes(label),
  server: { filename, resultBytes: 400 },
  expected: { exit: 0 },
});

/** A moment after it completed: 24 hours cannot be over. */
const withheld = (status: number): Scenario => ({
  name: `result: not handed out (${status})`,
  server: { noResult: { status, body: { error: 'expired', message: 'retention ended', code: status } } },
  expected: { exit: 7 },
});

export const downloads: readonly Scenario[] = [
  stored('cut once, Range honoured', { cuts: 1 }),
  stored('cut three times, Range honoured', { cuts: 3 }),
  stored('cut once, Range ignored', { cuts: 1, range: 'ignored' }),
  stored('cut once, no ETag', { cuts: 1, etag: false }),
  stored('cut once, chunked', { cuts: 1, length: 'chunked' }),
  stored('cut once, a Content-Range that was not asked for', { cuts: 1, range: 'wrong' }),
  stored('chunked', { length: 'chunked' }),
  stored('compressed on the way', { length: 'gzip' }),
  stored('empty', {}, 0),
  stored('one byte', {}, 1),
  stored('the first URL has expired (403, XML)', { expiredUrls: 1 }),
  stored('two URLs have expired (403, XML)', { expiredUrls: 2 }),
  stored('the first URL has expired (404)', { expiredUrls: 1, refusal: 404 }),
  stored('the first URL has expired (400)', { expiredUrls: 1, refusal: 400 }),
  {
    name: 'result: expiresAt has passed, by the clock of the client',
    server: { expiresAt: () => new Date(Date.now() - 600_000).toISOString() },
    expected: { exit: 0 },
  },
  { name: 'result: expiresAt is no time', server: { expiresAt: () => 'soon' }, expected: { exit: 0 } },
  withheld(404),
  withheld(410),
  named('up and away', '../../escaped.zip'),
  named('up and away, the Windows way', '..\\..\\escaped.zip'),
  named('absolute', '/etc/cron.d/escaped'),
  named('a drive', 'C:\\Windows\\escaped.zip'),
  named('NUL', 'a\u0000b.zip'),
  named('control characters', '\u001b[31mred\n\r.zip'),
  named('300 letters', `${'x'.repeat(300)}.zip`),
  named('300 letters of 3 bytes', `${'漢'.repeat(300)}.zip`),
  named('empty', ''),
  named('hidden', '.zip'),
  named('here', '.'),
  named('up', '..'),
  named('right to left', '\u202egpj.exe'),
  named('a name of Windows itself', 'CON'),
  named('blanks', '   '),
  named('a number', 42),
  named('null', null),
  named('a list', ['a.zip']),
  named('encoded', '%2e%2e%2fescaped.zip'),
  named('ours', 'output.zip.part'),
];

const expiredFile = (status: number, error: string, message: string): Scenario => ({
  name: `a file that has expired before the create: ${status} ${error}`,
  files: { 'a.txt': 'one', 'b.txt': 'two' },
  server: { expiredUploads: 1, expiredFile: { status, body: { error, message, code: status } } },
  expected: { exit: 0, creates: 2 },
});

export const files: readonly Scenario[] = [
  expiredFile(422, 'validation_error', 'file_id file_1 has expired'),
  expiredFile(400, 'invalid_file', 'File not found or expired'),
  expiredFile(404, 'not_found', 'file not found: file_1'),
  expiredFile(410, 'gone', 'The upload has expired'),
  {
    name: 'a file that expires for ever',
    server: { expiredUploads: 99 },
    expected: { exit: 2, creates: 2, jobs: 0 },
  },
  {
    name: 'several files of strange names',
    files: { 'ü "quoted".txt': 'one', 'b;c.txt': 'two', 'no\nline.txt': 'three' },
    expected: { exit: 0 },
    also: ({ server }) => {
      const texts = [...server.files.values()].map((file) => file.bytes.toString()).sort();
      return texts.join() === 'one,three,two' ? [] : [`arrived: ${texts}`];
    },
  },
  { name: 'an empty file', files: { 'empty.txt': '' }, flags: ['--allow-empty'], expected: { exit: 0 } },
];
