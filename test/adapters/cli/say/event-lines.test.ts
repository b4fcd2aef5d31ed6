import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { eventLines } from '../../../../src/adapters/cli/say/event-lines.js';
import { eventLine } from '../../../../src/adapters/cli/say/json-line.js';
import { createNarrator } from '../../../../src/adapters/cli/say/narrator.js';
import { createPlainScreen } from '../../../../src/adapters/cli/say/screen.js';
import type { JobHandleEvent } from '../../../../src/engine/job/job-handle.js';
import type { Failure } from '../../../../src/services/failure.js';

const at = new Date(2026, 2, 30, 14, 2, 33).getTime();
const failure: Failure = { kind: 'server', message: 'GET /x answered 503', advice: '', delivery: 'unknown' };

describe('events for people', () => {
  const cases: [JobHandleEvent, string[]][] = [
    [{ type: 'created', jobSpecId: 'job_\u001b[1m', at }, ['Job job_␛[1m is created']],
    [
      { type: 'rateLimited', call: 'reading', until: at + 37_000, failure, at },
      ['Reading the status: waiting for the rate limit until 14:03:10 (37 s)'],
    ],
    [
      {
        type: 'rateLimited',
        call: 'creating',
        until: at + 10_000,
        failure: { ...failure, limit: 'concurrency' },
        at,
      },
      ['Creating the job: as many jobs run as this key may have; asking again until 14:02:43 (10 s)'],
    ],
    [
      { type: 'retrying', call: 'uploading', attempt: 1, until: at + 3_000, failure, at },
      ['Uploading did not work (GET /x answered 503); trying again at 14:02:36 (3 s)'],
    ],
    [
      { type: 'retrying', call: 'filling', attempt: 1, until: at, failure, at },
      ['Sending the values did not work (GET /x answered 503); trying again now'],
    ],
    [
      {
        type: 'checkpoint',
        checkpoint: { checkpointId: 'review', stepOutputPreview: 'a\n\u001b[2Jb', slots: [] },
        at,
      },
      ['Checkpoint review:', '  a', '  ␛[2Jb'],
    ],
    [{ type: 'checkpoint', checkpoint: { checkpointId: 'review', slots: [] }, at }, ['Checkpoint review:']],
  ];
  it.each(cases)('%j', (event, lines) => expect(eventLines(event)).toEqual(lines));
});

function narrate(events: readonly JobHandleEvent[]): string {
  const stream = new PassThrough();
  const tell = createNarrator(createPlainScreen(stream), false);
  for (const event of events) tell(event);
  return String(stream.read() ?? '');
}

describe('the narrator without a terminal', () => {
  it('says each upload once, when it is done', () => {
    const upload = (handle: string, sentBytes: number): JobHandleEvent => ({
      type: 'uploadProgress',
      progress: { handle, sentBytes, totalBytes: 2_000 },
      at,
    });
    expect(
      narrate([
        upload('/x/a.txt', 0),
        upload('/x/b.txt', 5),
        upload('/x/a.txt', 2_000),
        upload('/x/a.txt', 2_000),
        upload('/x/b.txt', 2_000),
      ]),
    ).toBe('Uploaded a.txt (2.0 kB)\nUploaded b.txt (2.0 kB)\n');
  });

  it('says a step once, however often it is read', () => {
    const progress = (percent: number | undefined, currentStep?: string): JobHandleEvent => ({
      type: 'progress',
      status: 'executing',
      ...(percent === undefined ? {} : { progress: percent }),
      ...(currentStep === undefined ? {} : { currentStep }),
      at,
    });
    expect(
      narrate([progress(45, 'generating_output'), progress(45, 'generating_output'), progress(undefined)]),
    ).toBe('executing 45 %  generating output\nexecuting\n');
  });
});

describe('events for scripts', () => {
  it('carry type, at and id, and times as ISO 8601', () => {
    expect(
      eventLine('j1', {
        type: 'rateLimited',
        call: 'reading',
        until: 1_000,
        failure: { ...failure, retryAt: 0 },
        at: 0,
      }),
    ).toEqual({
      type: 'rateLimited',
      at: '1970-01-01T00:00:00.000Z',
      id: 'j1',
      call: 'reading',
      until: '1970-01-01T00:00:01.000Z',
      failure: { ...failure, retryAt: '1970-01-01T00:00:00.000Z' },
    });
  });

  it('leave the end to the result of the command', () => {
    expect(eventLine('j1', { type: 'detached', reason: 'requested', at })).toBeUndefined();
  });
});
