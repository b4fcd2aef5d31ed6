import { expect, it } from 'vitest';
import type { JobHandleEvent } from '../../../src/engine/job/index.js';
import { publicEvent, publicOutput, publicView } from '../../../src/engine/job/index.js';
import { runScripted } from '../../support/run-scripted.js';
import { failure } from '../../support/scripted-ports.js';

const PATH = '/home/planted folder/deep/cv.txt';
const planted = /planted|\/home|\/out|X-Amz|sig=|https?:/;
const files = [{ handle: PATH, name: 'cv.txt', bytes: 3 }];
const input = { workflowId: 'wf', files: [PATH] };

it('shows strangers neither paths of this machine nor a pre-signed URL, in views, events and outputs', async () => {
  const { handle, events } = await runScripted({ inspectFiles: [files] }, input);
  const view = publicView(handle.view());
  expect(view).toMatchObject({
    state: 'completed',
    files: [{ handle: 'cv.txt', name: 'cv.txt' }],
    result: { file: 'output.zip', name: 'output.zip', sha256: 'abc' },
  });
  const reported = events.map((event) => publicEvent({ ...event, at: 0 } as JobHandleEvent));
  const output = publicOutput(await handle.result());
  expect(output).toMatchObject({ status: 'completed', download: { url: '' }, saved: { file: 'output.zip' } });
  for (const text of [view, reported, output].map((shown) => JSON.stringify(shown)))
    expect(text).not.toMatch(planted);
  expect(JSON.stringify([handle.view(), events, await handle.result()])).toMatch(planted);
});

it('says what went wrong without paths (with spaces, of Windows) and URLs', async () => {
  const message = `${PATH}: no such file; also C:\\Users\\planted\\b.txt, /var/planted/c.txt and https://storage.test/o?X-Amz=1`;
  const { handle, events } = await runScripted(
    { inspectFiles: [failure('file', { message, findings: [message], delivery: 'not-sent' })] },
    input,
  );
  const view = publicView(handle.view());
  expect(view.failure?.message).toBe('cv.txt: no such file; also b.txt, c.txt and (a URL)');
  const [event] = events.filter(({ type }) => type === 'failed');
  const reported = publicEvent({ ...event, at: 0 } as JobHandleEvent, [PATH]);
  const output = publicOutput(await handle.result(), [PATH]);
  for (const shown of [view, reported, output]) expect(JSON.stringify(shown)).not.toMatch(planted);
});
