import { expect, it } from 'vitest';
import {
  normalDensity,
  normalUpperTail,
} from '../../../../../src/engine/lane/reads/forecast/normal-distribution.js';

it.each([
  [0, 0.5],
  [1, 0.158655253931457],
  [-1, 0.841344746068543],
  [1.959963984540054, 0.025],
  [5, 2.866515718791939e-7],
  [8, 6.220960574271785e-16],
])('P(Z > %d) is right to seven digits, far out too', (z, tail) => {
  expect(Math.abs(normalUpperTail(z) / tail - 1)).toBeLessThan(5e-7);
});

it('falls as fast as the density says', () => {
  const step = 1e-4;
  for (const z of [-2, -0.5, 0, 0.7, 2.5]) {
    const slope = (normalUpperTail(z - step) - normalUpperTail(z + step)) / (2 * step);
    expect(slope).toBeCloseTo(normalDensity(z), 3);
  }
});
