import type { GoalLane } from '../../engine/lane/index.js';
import type { RequestLog } from './request-log.js';
import type { ConsoleSource } from './server/console-source.js';

/** A lane of this process, with what it said to the API. */
export const laneSource = (lane: GoalLane, requests: RequestLog): ConsoleSource => ({
  ...lane,
  requests: requests.of,
});
