import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tracedReplies } from '../../../../src/adapters/emulator/replay/traced-reply.js';
import { openTrace } from '../../../../src/adapters/node/trace/trace-file.js';
import { harFaults, readHar } from './har.js';

const folder = mkdtempSync(join(tmpdir(), 'goal-lane-cut-'));
afterAll(() => rmSync(folder, { recursive: true }));

const exchange = (nth: number) => ({
  to: 'api' as const,
  method: 'GET',
  path: '/jobs/goal/job_1/status',
  url: 'http://127.0.0.1:9/api/v1/jobs/goal/job_1/status',
  startedAt: nth * 1_000,
  ms: 5,
  status: 200,
  attempt: nth,
  requestHeaders: {},
  responseHeaders: { 'content-type': 'application/json' },
  responseText: '{"status":"executing","currentStep":"a\\nb ]}} \u65e5"}',
});

const write = (path: string, ...nths: readonly number[]): void => {
  const trace = openTrace(path);
  for (const nth of nths) trace.onExchange(exchange(nth));
  trace.close();
};

const attempts = (path: string): number[] =>
  readHar(path).log.entries.map(({ _goalLane }) => _goalLane.attempt);

/** The file after the first `count` bytes of the last entry's write. */
function cutAt(before: Buffer, after: Buffer, count: number): Buffer {
  const at = before.length - '\n]}}\n'.length;
  const written = after.subarray(0, at + count);
  return Buffer.concat([written, before.subarray(written.length)]);
}

describe('a trace whose last write was cut by SIGKILL', () => {
  it.each([0, 2])(
    'with %i entries before: is mended when it is opened again, and served without that entry',
    (count) => {
      const path = join(folder, `trace-${count}.har`);
      const nths = Array.from({ length: count }, (_, at) => at + 1);
      write(path, ...nths);
      const before = readFileSync(path);
      write(path, 9);
      const after = readFileSync(path);
      const last = after.length - before.length + '\n]}}\n'.length;
      for (let bytes = 0; bytes < last; bytes += 1) {
        const cut = cutAt(before, after, bytes);
        writeFileSync(path, cut);
        if (count > 0) expect(tracedReplies(cut.toString()).length).toBeGreaterThanOrEqual(count);
        write(path);
        const found = attempts(path);
        // The entry counts where only the end of the file was not written.
        expect([[...nths], [...nths, 9]]).toContainEqual(found);
        write(path, 10);
        expect(attempts(path)).toEqual([...found, 10]);
      }
      expect(harFaults(path)).toEqual([]);
    },
  );

  it('is mended by another process that has it open', () => {
    const path = join(folder, 'shared.har');
    const one = openTrace(path);
    one.onExchange(exchange(1));
    const before = readFileSync(path);
    one.onExchange(exchange(2));
    writeFileSync(path, cutAt(before, readFileSync(path), 100));
    one.onExchange(exchange(3));
    one.close();
    expect(attempts(path)).toEqual([1, 3]);
  });

  it('does not touch what is no trace', () => {
    const path = join(folder, 'other.har');
    for (const text of [
      '{"log":{"version":"1.2","creator":{"name":"goal-lane"}}}',
      '{"log":',
      'x'.repeat(500),
    ]) {
      writeFileSync(path, text);
      expect(() => openTrace(path)).toThrow('is not a trace of goal-lane');
      expect(readFileSync(path, 'utf8')).toBe(text);
    }
  });
});
