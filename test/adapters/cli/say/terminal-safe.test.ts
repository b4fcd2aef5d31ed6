import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeJson, safeLine, safeLines } from '../../../../src/adapters/cli/say/terminal-safe.js';

const STEERS = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u;

describe('text from elsewhere on a terminal', () => {
  it.each([
    ['an escape sequence', '\u001b[31mred\u001b[0m', '␛[31mred␛[0m'],
    ['a title', '\u001b]0;owned\u0007', '␛]0;owned␇'],
    ['C1', '\u009b2J', '<U+009B>2J'],
    ['a return that overwrites', 'safe\rEVIL', 'safe EVIL'],
    ['a backspace', 'ab\b\bcd', 'ab␈␈cd'],
    ['DEL', 'a\u007fb', 'a␡b'],
    ['bidi', 'invoice\u202efdp.exe', 'invoice<U+202E>fdp.exe'],
    ['zero width', 'a\u200bb\ufeff', 'a<U+200B>b<U+FEFF>'],
    ['a joiner that hides', 'pay\u200dpal', 'pay<U+200D>pal'],
    ['tags', 'a\u{e0041}', 'a<U+E0041>'],
    ['newlines', 'a\nb\r\nc\u2028d', 'a b c d'],
  ])('makes %s visible', (_what, text, shown) => {
    expect(safeLine(text)).toBe(shown);
  });

  it('leaves what people write alone', () => {
    const texts = ['Résumé – 履歴書 – سيرة ذاتية', '👩‍💻 at work', 'نمی‌خواهم', 'tabs are spaces'];
    expect(texts.map(safeLine)).toEqual(texts);
  });

  it('never lets a character through that steers a terminal, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        expect(STEERS.test(safeLine(text))).toBe(false);
        for (const line of safeLines(text)) expect(STEERS.test(line.replaceAll('\t', ''))).toBe(false);
      }),
    );
  });

  it('keeps lines apart and cuts what has no end', () => {
    expect(safeLines('a\nb\r\n\u001bc')).toEqual(['a', 'b', '␛c']);
    const many = safeLines('x\n'.repeat(1_000));
    expect(many).toHaveLength(201);
    expect(many.at(-1)).toBe('… (801 more lines)');
    expect(safeLine('y'.repeat(5_000)).length).toBeLessThan(2_010);
  });
});

describe('a line of JSON', () => {
  it('is one line of pure text that reads back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const line = safeJson({ text });
        expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify({ text })));
        expect(STEERS.test(line)).toBe(false);
      }),
    );
  });
});
