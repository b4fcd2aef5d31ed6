import { describe, expect, it } from 'vitest';
import type { NewJobInput } from '../../src/machines/job-input.js';
import type { FileFacts } from '../../src/machines/ports.js';
import { validateJob } from '../../src/machines/validate-job.js';
import { workflow } from '../support/scripted-ports.js';

const file = (handle: string, more: Partial<FileFacts> = {}): FileFacts => ({
  handle,
  name: handle.split('/').at(-1) ?? handle,
  bytes: 3,
  ...more,
});

function findings(files: readonly FileFacts[], options: Partial<NewJobInput> = {}) {
  const input = { workflowId: 'wf', files: files.map(({ handle }) => handle), ...options };
  const result = validateJob(input, [workflow()], files);
  return result.result === 'ok' ? [] : (result.failure.findings ?? []);
}

describe('files that are sent by mistake more often than on purpose', () => {
  it('are refused: an empty one', () => {
    const files = [file('a.txt'), file('b.txt', { bytes: 0 })];
    expect(findings(files)).toEqual([expect.stringContaining('b.txt: it is empty (sent only with')]);
    expect(findings(files, { emptyFiles: 'allow' })).toEqual([]);
  });

  it('are refused: one that is given twice', () => {
    const files = [file('/in/a.txt'), file('/in/a.txt')];
    expect(findings(files)).toEqual([expect.stringContaining('/in/a.txt: it is given twice')]);
    expect(findings(files, { repeatedFiles: 'allow' })).toEqual([]);
  });

  it('are refused: one file under two names; both are in the error', () => {
    const files = [file('/in/a.txt', { identity: '1:2' }), file('/in/b.txt', { identity: '1:2' })];
    expect(findings(files)).toEqual([expect.stringContaining('/in/b.txt: it is the same file as /in/a.txt')]);
    expect(findings(files, { repeatedFiles: 'allow' })).toEqual([]);
  });

  it('are not: two files of one name, or of one content', () => {
    const sha256 = 'abc';
    const files = [
      file('/in/a.txt', { identity: '1:2', sha256 }),
      file('/out/a.txt', { identity: '1:3', sha256 }),
    ];
    expect(findings(files)).toEqual([]);
  });
});
