import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/services/redaction/redactor.js';

const KEYS = ['sk-secret-KEY-123456', 'sk-secret-KEY-1234567', 'sk-secret-KEY-12345678'];
const url = (text: string): string => text.replaceAll('+', '-').replaceAll('/', '_');

const inHex = (text: string): string => Buffer.from(text).toString('hex');

describe.each(KEYS)('the key %s in hex', (key) => {
  const { shown, kept } = createRedactor([key]);

  it.each([
    ['whole', inHex(key)],
    ['in upper case', inHex(key).toUpperCase()],
    ['without its end', inHex(key).slice(0, -3)],
    ['without its beginning', inHex(key).slice(4)],
  ])('is redacted %s', (_spelling, spelled) => {
    expect(shown(`it was ${spelled} there`)).not.toContain(spelled.slice(8, 20));
    expect(kept(`it was ${spelled} there`)).not.toContain(spelled.slice(8, 20));
  });

  it('leaves other digits', () => {
    const digest = 'it was e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
    expect(shown(digest)).toBe(digest);
  });
});

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
