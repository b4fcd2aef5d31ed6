import { describe, expect, it } from 'vitest';
import { safeFileName } from '../../../src/services/index.js';

describe('safeFileName', () => {
  it.each([
    ['output.zip', 'output.zip'],
    ['Lebenslauf – Übersicht (1).zip', 'Lebenslauf – Übersicht (1).zip'],
    ['../../etc/passwd', 'passwd'],
    ['/etc/passwd', 'passwd'],
    ['..\\..\\Windows\\system32\\x.dll', 'x.dll'],
    ['C:\\temp\\a.zip', 'a.zip'],
    ['C:a.zip', 'C_a.zip'],
    ['a.zip:stream', 'a.zip_stream'],
    ['.bashrc', 'bashrc'],
    ['...hidden.zip', 'hidden.zip'],
    [' . .x.zip', 'x.zip'],
    ['a.zip...', 'a.zip'],
    ['a.zip ', 'a.zip'],
    ['evil\u0000.zip', 'evil.zip'],
    ['a\r\nSet-Cookie: b.zip', 'aSet-Cookie_ b.zip'],
    ['\u001b[31mred.zip', '[31mred.zip'],
    ['gnp.\u202egpj.exe', 'gnp.gpj.exe'],
    ['zero\u200bwidth.zip', 'zerowidth.zip'],
    ['lone\ud800.zip', 'lone.zip'],
    ['CON', '_CON'],
    ['nul.zip', '_nul.zip'],
    ['com1.tar.gz', '_com1.tar.gz'],
    ['COM¹.zip', '_COM¹.zip'],
    ['console.zip', 'console.zip'],
    ['<a>|b?*.zip', '_a__b__.zip'],
    ['%2e%2e%2fx.zip', '%2e%2e%2fx.zip'],
    ['e\u0301.zip', '\u00e9.zip'],
  ])('%j becomes %j', (name, safe) => expect(safeFileName(name)).toBe(safe));

  it.each([[undefined], [''], ['.'], ['..'], ['/'], ['a/..'], ['\u0000'], ['   '], ['....']])(
    '%j leaves nothing, so the fallback is taken, cleaned too',
    (name) => {
      expect(safeFileName(name, 'job_789.zip')).toBe('job_789.zip');
      expect(safeFileName(name, '../job/789.zip')).toBe('789.zip');
      expect(safeFileName(name, '..')).toBe('result.zip');
      expect(safeFileName(name)).toBe('result.zip');
    },
  );

  it('bounds the length in bytes and keeps the extension', () => {
    for (const letter of ['a', 'ü', '汉', '😀']) {
      const safe = safeFileName(`${letter.repeat(500)}.zip`);
      expect(new TextEncoder().encode(safe).length).toBeLessThanOrEqual(180);
      expect(safe).toMatch(new RegExp(`^(${letter})+\\.zip$`, 'u'));
    }
    expect(safeFileName(`a.${'b'.repeat(500)}`).length).toBeLessThanOrEqual(180);
  });
  it.each([
    ['at most 180 bytes stay as they are', `${'a'.repeat(175)} .zip`, `${'a'.repeat(175)} .zip`],
    ['a short name keeps a blank before its extension', 'a .zip', 'a .zip'],
    ['one byte too many', `${'a'.repeat(177)}.zip`, `${'a'.repeat(176)}.zip`],
    ['no blank where it was cut', `${'a'.repeat(175)} bbbb.zip`, `${'a'.repeat(175)}.zip`],
    ['no extension', `${'a'.repeat(190)}b`, 'a'.repeat(180)],
    [
      'an extension of 20 bytes',
      `${'a'.repeat(190)}.${'b'.repeat(19)}`,
      `${'a'.repeat(160)}.${'b'.repeat(19)}`,
    ],
    [
      'an extension too long to be one',
      `${'a'.repeat(170)}.${'b'.repeat(20)}`,
      `${'a'.repeat(170)}.${'b'.repeat(9)}`,
    ],
  ])('bounds the length: %s', (_what, name, safe) => expect(safeFileName(name)).toBe(safe));
});
