import type { HrTime } from '@opentelemetry/api';

/** Converts epoch ms to seconds and nanoseconds, because the API could take a plain number for one of `performance.now()`. */
export const hrTime = (epochMs: number): HrTime => {
  const seconds = Math.floor(epochMs / 1_000);
  return [seconds, Math.round((epochMs - seconds * 1_000) * 1e6)];
};
