import { describe, expect, it } from 'vitest';
import { BOUNDS } from '../../../src/services/wire/bounds.js';
import { statusSchema } from '../../../src/services/wire/schemas.js';

const checkpoint = (more: object) =>
  statusSchema.parse({ status: 'slot_needed', checkpoint: { checkpointId: 'c', ...more } }).checkpoint;

describe('a preview', () => {
  it.each([
    ['text', 'x'.repeat(60_000_000)],
    ['a long list', Array(2_000_000).fill('y')],
    ['a wide object', Object.fromEntries(Array.from({ length: 200_000 }, (_, at) => [`k${at}`, at]))],
  ])('of megabytes is cut, and says so: %s', (_, stepOutputPreview) => {
    const shown = checkpoint({ stepOutputPreview })?.stepOutputPreview ?? '';
    expect(shown.length).toBeLessThan(BOUNDS.preview + 60);
    expect(shown).toMatch(/…/);
  });

  it('that is nested beyond measure is shown as far as it goes', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);
    expect(checkpoint({ stepOutputPreview: deep })?.stepOutputPreview).toMatch(/^\[\[/);
  });
});
