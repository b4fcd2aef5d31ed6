import { describe, expect, it } from 'vitest';
import { bundleSize, sizes } from '../../scripts/sizes.mjs';

describe('what a bundle of a door weighs', () => {
  it('is no more than its limit', async () => {
    const measured = await sizes();
    expect(measured.map(({ name }) => name)).toEqual([
      'machines',
      'job',
      'browser by fetch',
      'browser by axios',
    ]);
    for (const { name, gzip, limit } of measured) expect(gzip, name).toBeLessThanOrEqual(limit);
  }, 60_000);

  it('counts what is bundled, minified and gzipped', async () => {
    const long = `console.log(${JSON.stringify('a'.repeat(10_000))});`;
    const { minified, gzip } = await bundleSize(long);
    expect(minified).toBeGreaterThan(10_000);
    expect(gzip).toBeLessThan(200);
  });
});
