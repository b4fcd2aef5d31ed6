import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/services/redaction/redactor.js';

const KEYS = ['sk-secret-KEY-123456', 'sk-secret-KEY-1234567', 'sk-secret-KEY-12345678'];
const url = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_');

describe.each(KEYS)('the key %s in base64', (key) => {
  const { shown, kept } = createRedactor([key]);
  const whole = btoa(key);

  it.each([
    ['with its padding', whole],
    ['without it', whole.replace(/=+$/, '')],
    ['for URLs', url(whole)],
    ['in lower case', whole.toLowerCase()],
    ['percent-encoded', encodeURIComponent(whole)],
  ])('is redacted whole %s', (_spelling, spelled) => {
    expect(shown(`it was ${spelled} there`)).toBe('it was [redacted] there');
    expect(kept(`it was ${spelled} there`)).toBe('it was [redacted] there');
  });

  it.each(['a', 'ab', 'abc', 'Bearer ', 'user:'])('is redacted to its end after %j', (before) => {
    const said = shown(`it was ${btoa(before + key)} there`);
    expect(said).toMatch(/^it was [\w+/]*\[redacted\] there$/);
  });
});
