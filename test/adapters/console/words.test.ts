import { describe, expect, it } from 'vitest';
import { ApiError, wordsOf } from '../../../src/adapters/console/page/live/api.js';
import { folded } from '../../../src/adapters/console/page/words/folded.js';
import { headlineOfRow, shortOf } from '../../../src/adapters/console/page/words/headline.js';
import { span } from '../../../src/adapters/console/page/words/times.js';
import type { JobRow } from '../../../src/adapters/console/wire/row.js';
import type { JobView } from '../../../src/engine/job/source/job-view.js';
import type { HistoryEntry } from '../../../src/engine/job/source/lane-source.js';

const view: JobView = {
  state: 'executing',
  path: 'executing.awaitingTurn',
  tags: [],
  files: [],
  retention: {},
  progress: 45,
  currentStep: 'writing_letter',
};
const row = (more: Partial<JobRow> = {}): JobRow => ({ id: 'a', view, createdAt: 0, changedAt: 0, ...more });
const said = (given: JobRow): string => headlineOfRow(given, 0).text;

describe('what went wrong', () => {
  const kind = 'key-refused';
  const message = 'GET status answered 401 (unauthorized: key revoked)';
  const advice = 'Check the API key.';

  it('is said of a refused key without the request, and of others as the server said it', () => {
    const failure = { kind, message, advice, delivery: 'refused', speaker: 'api' } as const;
    const left: JobView = { ...view, state: 'detached', path: 'detached', jobSpecId: 'job_1', failure };
    expect(said(row({ view: left }))).toMatch(/ continues at Convilyn\. Convilyn refuses the key\.$/);
    expect(said(row({ view: { ...left, state: 'failed' } }))).toBe('It failed: Convilyn refuses the key.');
    const failed: JobView = {
      ...left,
      state: 'failed',
      failure: { ...failure, kind: 'job-failed', message: 'No text.' },
    };
    expect(said(row({ view: failed }))).toBe('It failed: No text.');
  });

  it('is followed by what to do about it', () => {
    expect(wordsOf(new ApiError(422, message, { error: kind, advice, speaker: 'api' }))).toBe(
      'Convilyn refuses the key. Check the API key.',
    );
    expect(wordsOf(new ApiError(404, 'no such job', { error: 'not-found', advice }))).toBe(
      'no such job. Check the API key.',
    );
    // A proxy's word is not Convilyn's.
    expect(wordsOf(new ApiError(422, message, { error: kind, speaker: 'proxy' }))).toBe(message);
    expect(wordsOf(new ApiError(413, 'Too large.', { error: 'too_large' }))).toBe('Too large.');
  });
});

describe('what a job does, in one sentence', () => {
  it('is of this program', () => {
    expect(said(row())).toBe('Writing letter: 45 %.');
  });

  it('names the process that drives a job, and its machine where it is another', () => {
    const driver = { pid: 4711 };
    expect(said(row({ isStored: true, driver }))).toBe(
      'Process 4711 on this computer drives this job. Writing letter: 45 %.',
    );
    expect(said(row({ isStored: true, driver: { ...driver, machine: 'build-7' } }))).toContain('on build-7');
    expect(said(row({ isStored: true }))).toMatch(/^No program drives this job now\./);
  });

  it('is short in a list', () => {
    const done = { ...view, state: 'completed', path: 'completed', result: { bytes: 2_100_000 } } as const;
    expect(shortOf(row({ view: done }), 0)).toBe('Done, 2.1 MB');
    expect(span(24 * 3_600_000)).toBe('24 h');
    const slots = ['code', 'note'].map((slotId) => ({ slotId, type: 'text', required: true }));
    const request = { slots, missing: [], fieldErrors: [{ field: 'code', message: 'too long' }] };
    const asked: JobView = {
      ...view,
      needs: 'slots',
      request: { ...request, conflicts: [], values: {} },
    };
    expect(shortOf(row({ view: asked }), 0)).toBe('Not accepted: Code');
  });
});

const entry = (type: HistoryEntry['type'], about: HistoryEntry['about'] = {}): Omit<HistoryEntry, 'seq'> => ({
  at: 0,
  type,
  about,
});
const lines = (...entries: Omit<HistoryEntry, 'seq'>[]): string[] =>
  folded(entries.map((one, index) => ({ ...one, seq: index + 1 }))).map(({ type, about }) =>
    [type, about.path ?? about.progress ?? ''].join(' ').trim(),
  );

describe('what happened, a line for each thing', () => {
  it('joins progress, and leaves out what says nothing or is said twice', () => {
    expect(
      lines(
        entry('progress', { progress: 10 }),
        entry('progress', { progress: 20 }),
        entry('moved', { path: 'executing' }),
        entry('moved', { path: 'executing' }),
        entry('inputNeeded', { slots: 'tone' }),
        entry('moved', { path: 'slot_needed.awaitingSlots' }),
        entry('progress', { status: 'completed' }),
        entry('completed', { bytes: 7 }),
        entry('moved', { path: 'completed' }),
      ),
    ).toEqual(['progress 20', 'moved executing', 'moved slot_needed.awaitingSlots', 'completed']);
  });

  it('says a wait once, by its event, which knows until when', () => {
    expect(
      lines(
        entry('moved', { path: 'executing.awaitingTurn' }),
        entry('moved', { path: 'executing.reading' }),
        entry('moved', { path: 'executing.rateLimited' }),
        entry('rateLimited', { until: 1 }),
        entry('moved', { path: 'executing.awaitingTurn' }),
        entry('outcomeUnknown'),
        entry('moved', { path: 'preparing.outcomeUnknown' }),
      ),
    ).toEqual(['moved executing.awaitingTurn', 'rateLimited', 'moved preparing.outcomeUnknown']);
  });

  it('keeps a change to an end of which no event is there', () => {
    expect(lines(entry('moved', { path: 'failed' }))).toEqual(['moved failed']);
  });
});
