/**
 * All the jobs of one API key. Not exported on purpose: the governor, the scheduler and the queue, whose
 * shapes follow what is learned about the API.
 */
export { createLane } from './create-lane.js';
export type { GoalLane, LaneEvent, LaneOptions, LaneStartOptions } from './goal-lane.js';
