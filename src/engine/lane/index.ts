/**
 * The front door for hosts on Node: all the jobs of one API key. Not exported on purpose: the governor, the scheduler and the queue, whose
 * shapes follow what is learned about the API.
 */
export { createGoalLane } from './create-goal-lane.js';
export type {
  CloseOptions,
  GoalLane,
  GoalLaneOptions,
  LaneBudget,
  LaneEvent,
  LaneResumption,
  LaneStartOptions,
} from './goal-lane.js';
export type { GovernorView } from './reads/poll-governor.js';
export type { PlanHint, PlanName } from './starts/plan-hint.js';
