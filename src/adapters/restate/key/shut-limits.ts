import type { ShutLimit } from '../messages.js';

/** Until the engine has measured the time, a limit is taken to be shut for at least this long, whatever a clock says. */
const LEAST_MS = 1_000;

/** How long a limit stays shut, at most as long as it was reported. @param now epoch ms of the wall clock of this machine */
export const shutForMs = ({ forMs, at }: ShutLimit, now: number): number =>
  Math.max(forMs - Math.max(now - at, 0), LEAST_MS);

/** Without the report whose time has passed. */
export const withoutReport = (
  limits: readonly ShutLimit[],
  { endpoint, at }: Pick<ShutLimit, 'endpoint' | 'at'>,
): readonly ShutLimit[] => limits.filter((limit) => limit.endpoint !== endpoint || limit.at !== at);
