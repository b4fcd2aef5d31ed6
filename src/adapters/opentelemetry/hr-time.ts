import type { HrTime } from '@opentelemetry/api';

/** Epoch ms as the API's own pair of seconds and nanoseconds: a plain number might be taken for one of `performance.now()`. */
export const hrTime = (epochMs: number): HrTime => {
  const seconds = Math.floor(epochMs / 1_000);
  return [seconds, Math.round((epochMs - seconds * 1_000) * 1e6)];
};
