import { describe, expect, it } from 'vitest';
import { textOf } from '../../../src/services/content/check-content.js';

/** Each pair of first bytes, then `ab` in the encoding that they name. */
describe('the first bytes as text', () => {
  it.each([
    ['UTF-16, the lower byte first', [0xff, 0xfe, 0x61, 0, 0x62, 0], 'ab'],
    ['UTF-16, the higher byte first', [0xfe, 0xff, 0, 0x61, 0, 0x62], 'ab'],
    ['UTF-8 with its mark', [0xef, 0xbb, 0xbf, 0x61, 0x62], 'ab'],
    ['UTF-8', [0x61, 0x62], 'ab'],
    ['one byte of a mark, as first', [0xff, 0x61, 0x62, 0x63], '\ufffdabc'],
    ['the other one as first', [0xfe, 0x61, 0x62, 0x63], '\ufffdabc'],
    ['one byte of a mark, as second', [0x61, 0xff, 0x62, 0x63], 'a\ufffdbc'],
    ['the other one as second', [0x61, 0xfe, 0x62, 0x63], 'a\ufffdbc'],
    ['white space before it and behind it', [0x20, 0x0a, 0x61, 0x62, 0x20], 'ab '],
  ])('%s', (_what, bytes, text) => expect(textOf(Uint8Array.from(bytes))).toBe(text));
});
