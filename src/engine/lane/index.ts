/**
 * All jobs of one API key. Deliberately not exported: the governor, the scheduler and the queue, because they change with what is
 * learned about the API.
 */
export { createLane } from './create-lane.js';
export type { GoalLane, LaneEvent, LaneOptions, LaneStartOptions } from './goal-lane.js';
