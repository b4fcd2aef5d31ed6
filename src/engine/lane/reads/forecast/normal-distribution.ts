/**
 * Upper tail of the standard normal, P(Z > z), with a relative error below 2e-7 everywhere:
 * the erfc fit by rational Chebyshev terms (Numerical Recipes, `erfcc`). A far tail keeps its
 * relative precision, which conditioning on survival needs.
 */
export function normalUpperTail(z: number): number {
  const x = Math.abs(z) * Math.SQRT1_2;
  const t = 1 / (1 + 0.5 * x);
  const poly =
    -1.26551223 +
    t *
      (1.00002368 +
        t *
          (0.37409196 +
            t *
              (0.09678418 +
                t *
                  (-0.18628806 +
                    t *
                      (0.27886807 +
                        t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277))))))));
  const tail = 0.5 * t * Math.exp(-x * x + poly);
  return z >= 0 ? tail : 1 - tail;
}

/** Density of the standard normal. */
export function normalDensity(z: number): number {
  return 0.3989422804014327 * Math.exp(-0.5 * z * z);
}
