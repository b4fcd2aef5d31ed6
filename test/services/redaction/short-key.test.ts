import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/services/redaction/redactor.js';

const PROSE = 'The key of a seller is valid: 404 errors, see a test at https://api.example/keys';

describe('a key of a few characters', () => {
  it.each(['a', 'e', 'key', 'test', 'demo', '404'])('%s does not blot what only looks like it', (key) => {
    const redactor = createRedactor([key]);
    expect(redactor.shown(PROSE)).toBe(PROSE);
    expect(redactor.kept(PROSE)).toBe(PROSE);
    const body = JSON.stringify({ status: 'executing', key: 'test', a: 1, jobSpecId: `job_${key}`, n: 404 });
    expect(redactor.reply(body)).toBe(body);
  });

  it.each(['a', 'e', 'key', 'test', 'k-1', 'x9+/7'])('%s is not shown where a key stands', (key) => {
    const { shown, reply, value } = createRedactor([key]);
    for (const text of [
      `Authorization: Bearer ${key}`,
      `you sent "Bearer ${key}".`,
      `api_key=${key}`,
      `the API key '${key}' is refused`,
      `Bearer%20${encodeURIComponent(key)}`,
      `Bearer&#32;${key}`,
    ]) {
      const clean = shown(text);
      expect(clean).toContain('[redacted]');
      expect(clean).not.toMatch(/(bearer|key)[^[]*(?<![\w/+])(a|e|key|test|k-1|x9\+\/7)["'.]?$/i);
      expect(clean.length).toBeGreaterThan('[redacted]'.length);
    }
    expect(shown(`it was ${btoa(`Bearer ${key}`)}.`)).toBe('it was [redacted].');
    expect(JSON.parse(reply(JSON.stringify({ error: key, status: 'failed' })))).toEqual({
      error: '[redacted]',
      status: 'failed',
    });
    expect(value({ message: `Bearer ${key}`, id: 'x' })).toEqual({ message: 'Bearer [redacted]', id: 'x' });
  });

  it('that stands for nothing else is not shown anywhere', () => {
    const { shown } = createRedactor(['sk-1x']);
    expect(shown('said sk-1x, sk-1xy and task-sk-1x')).toBe('said [redacted], sk-1xy and task-sk-1x');
  });

  it('that is empty is no key', () => {
    expect(createRedactor(['']).shown(PROSE)).toBe(PROSE);
  });
});
