/** Jobs and lanes for React 18 and 19. Works with any object that has the shape of a source, however the job runs. */
export type { JobSource } from '../../engine/job/source/job-source.js';
export type { JobView } from '../../engine/job/source/job-view.js';
export type { LaneJob, LaneSource, LaneView } from '../../engine/job/source/lane-source.js';
export { type GoalJob, type GoalJobSteps, useGoalJob } from './use-goal-job.js';
export { type GoalLaneJobs, useGoalLane } from './use-goal-lane.js';
