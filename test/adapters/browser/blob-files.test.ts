import { expect, it } from 'vitest';
import { blobFilePorts } from '../../../src/adapters/browser/blob-files.js';
import { runBrowserJob } from '../../../src/adapters/browser/index.js';
import { InvalidInputError } from '../../../src/services/index.js';

const options = { signal: new AbortController().signal, jobId: 'a' };
const uploadFile = async () => ({ fileId: 'file_1' });

it('takes a Blob under two names for one file', async () => {
  const blob = new Blob(['x']);
  const files = { first: blob, second: blob, other: new Blob(['x']) };
  const ports = blobFilePorts({ uploadFile }, files);
  const facts = await ports.inspectFiles({ handles: Object.keys(files) }, options);
  const names = facts.map(({ handle, identity = handle }) => identity);
  expect(names).toEqual(['first', 'first', 'other']);
});

it.each([
  [{ workflowId: 'wf' }, /files/],
  [{ workflowId: 'wf', files: null }, /files/],
  [{ workflowId: 'wf', files: {}, slots: { a: Number.NaN } }, /slots gives slot a a value/],
  [{ jobSpecId: '..' }, /is not a valid job id/],
  [null, /files/],
])('starts nothing in a browser with %j', (job, words) => {
  // Boundary: what a page in JavaScript may pass.
  const start = () => runBrowserJob({ client: { apiKey: 'key-0123456789abcdef' }, job: job as never });
  expect(start).toThrow(InvalidInputError);
  expect(start).toThrow(words);
});
