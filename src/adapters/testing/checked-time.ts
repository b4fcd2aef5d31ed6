/**
 * A span of time in ms, as given.
 * @throws RangeError that names it, if it is negative, not a number or above `most`
 */
export function checkedTime(name: string, ms: number, most: number): number {
  if (typeof ms === 'number' && ms >= 0 && ms <= most) return ms;
  const allowed = most === Number.POSITIVE_INFINITY ? 'a number from 0' : 'a finite number from 0';
  throw new RangeError(`${name} is ${ms}; allowed: ${allowed}, in ms`);
}
