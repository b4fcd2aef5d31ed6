import { describe, expect, it } from 'vitest';
import { commandResult } from '../../../../src/adapters/cli/ends/command-result.js';
import { closingLines } from '../../../../src/adapters/cli/say/closing-lines.js';
import { resumeCommand, shellWord } from '../../../../src/adapters/cli/say/resume-command.js';
import type { Failure } from '../../../../src/services/failure.js';

const failure = (more: Partial<Failure>): Failure => ({
  kind: 'server',
  message: 'GET /x answered 503',
  advice: 'Try again later.',
  delivery: 'unknown',
  ...more,
});
const stored = { storedId: 'abc', flags: [['--out', 'my results'] as const] };
const loose = { flags: [] };

describe('the last words', () => {
  it('say where the result is', () => {
    const saved = { file: '/out/a\u202e.zip', bytes: 12_345, sha256: 'abc' };
    const words = closingLines(
      commandResult({ status: 'completed', jobSpecId: 'job_1', download: { url: '' }, saved }),
      stored,
    );
    expect(words.lines).toEqual(['Saved /out/a<U+202E>.zip (12.3 kB)', 'sha256 abc']);
  });

  it('say why a job failed, and not how to resume', () => {
    const output = {
      status: 'failed',
      jobSpecId: 'job_1',
      failure: failure({ kind: 'job-failed', message: 'empty file' }),
    } as const;
    const words = closingLines(commandResult(output), stored);
    expect(words.lines).toEqual(['The job failed: empty file', 'Try again later.']);
    expect(words.resume).toBeUndefined();
  });

  it('list each finding on a line of its own', () => {
    const findings = ['a.exe: its extension', 'b.txt: too large'];
    const output = { status: 'failed', failure: failure({ kind: 'invalid-input', findings }) } as const;
    expect(closingLines(commandResult(output), stored).lines).toEqual([
      'Refused, nothing was started:',
      '  - a.exe: its extension',
      '  - b.txt: too large',
      'Try again later.',
    ]);
  });

  it('say once that input is needed, and which', () => {
    const message = 'input is needed: slot tone: a value is needed';
    const output = {
      status: 'detached',
      jobSpecId: 'job_1',
      reason: 'input-needed',
      failure: failure({ kind: 'invalid-input', message, findings: ['slot tone: a value is needed'] }),
    } as const;
    const { lines } = closingLines(commandResult(output), stored);
    expect(lines[0]).toBe('Input is needed, but it cannot be asked for: slot tone: a value is needed');
  });

  it('say how to resume after an interruption', () => {
    const output = { status: 'detached', jobSpecId: 'job_1', reason: 'requested' } as const;
    const result = commandResult(output, { because: 'interrupted' });
    expect(closingLines(result, stored).lines).toEqual([
      'Interrupted; the job continues on the server',
      "Resume with: goal-lane resume abc --out 'my results'",
    ]);
    expect(closingLines(result, loose).resume).toBe('goal-lane attach job_1');
  });

  it('say that a job may exist, when it was interrupted during its create', () => {
    const output = {
      status: 'detached',
      reason: 'requested',
      failure: failure({ kind: 'outcome-unknown' }),
    } as const;
    const words = closingLines(commandResult(output, { because: 'interrupted' }), loose);
    expect(words.lines[0]).toContain('it may or may not exist');
    expect(words.resume).toBeUndefined();
  });

  it('say how to resume what may be alive, and nothing else', () => {
    const wayOn = (kind: Failure['kind'], more: Partial<Failure> = {}) => {
      const why = failure({ kind, ...more });
      const output = { status: 'detached', reason: 'unreachable', jobSpecId: 'job_1', failure: why } as const;
      return closingLines(commandResult(output), stored).resume;
    };
    expect(wayOn('storage')).toBe("goal-lane resume abc --out 'my results'");
    expect(wayOn('not-found')).toBe("goal-lane resume abc --out 'my results'");
    expect(wayOn('gone', { path: '/results/output.zip' })).toContain('resume');
    expect(wayOn('gone', { path: '/jobs/goal/job_1/download' })).toBeUndefined();
    const unknown = { status: 'failed', failure: failure({ kind: 'outcome-unknown' }) } as const;
    expect(closingLines(commandResult(unknown), stored).resume).toBeUndefined();
  });

  it('say that nothing was started where the API refuses before there is a job', () => {
    const why = failure({ kind: 'rejected', message: 'POST /upload answered 413', delivery: 'refused' });
    const words = closingLines(commandResult({ status: 'failed', failure: why }), stored);
    expect(words.lines[0]).toBe('Refused, nothing was started: POST /upload answered 413');
    expect(words.resume).toBeUndefined();
  });

  it('say that a result is not saved where this disk is full, and that the job lives', () => {
    const why = failure({ kind: 'storage', message: 'the result cannot be written to /out: ENOSPC' });
    const output = { status: 'detached', reason: 'local-failure', jobSpecId: 'job_1', failure: why } as const;
    const words = closingLines(commandResult(output), stored);
    expect(words.lines[0]).toMatch(/^The result is not saved: the result cannot be written/);
    expect(words.lines.at(-1)).toMatch(/^Resume with: goal-lane resume abc/);
  });

  it('say that a server is unusable, and that the job can be resumed', () => {
    const output = {
      status: 'detached',
      jobSpecId: 'job_1',
      reason: 'unreachable',
      failure: failure({}),
    } as const;
    expect(closingLines(commandResult(output), loose)).toMatchObject({
      lines: [
        'The server or the network cannot be used: GET /x answered 503',
        'Try again later.',
        'Resume with: goal-lane attach job_1',
      ],
      resume: 'goal-lane attach job_1',
    });
  });
});

describe('a command that can be pasted', () => {
  it('quotes what a shell would take apart', () => {
    expect(['a-b/c.d', 'two words', "it's", '$(rm)', ''].map(shellWord)).toEqual([
      'a-b/c.d',
      "'two words'",
      "'it'\\''s'",
      "'$(rm)'",
      "''",
    ]);
  });

  it('is none where there is no job and no store', () => {
    expect(resumeCommand({ status: 'detached', reason: 'requested' }, loose)).toBeUndefined();
  });
});
