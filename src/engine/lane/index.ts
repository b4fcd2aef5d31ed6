/**
 * All the jobs of one API key. Not exported on purpose: the governor, the scheduler and the queue, whose
 * shapes follow what is learned about the API.
 */
export { createGoalLane } from './create-goal-lane.js';
export type { GoalLane, GoalLaneOptions, LaneEvent, LaneStartOptions } from './goal-lane.js';
