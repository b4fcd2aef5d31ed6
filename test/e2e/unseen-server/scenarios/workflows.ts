import type { Checkpoint, WorkflowSpec } from '../job-book.js';

export const review: Checkpoint = {
  checkpointId: 'profile_review',
  stepOutputPreview: 'Detected roles: Senior Engineer, Tech Lead...',
  slots: [{ slotId: 'confirmed_titles', type: 'text' }],
};

export const ending: Checkpoint = {
  checkpointId: 'final_review',
  stepOutputPreview: 'A draft',
  slots: [{ slotId: 'approval', type: 'text' }],
};

const tone = { slotId: 'tone', type: 'text' };

export const slotted: WorkflowSpec = { specId: 'goal_lane.slotted', slots: [tone], steps: [] };
export const paused: WorkflowSpec = { specId: 'goal_lane.paused', slots: [], steps: [{ ask: review }] };
export const pausedTwice: WorkflowSpec = {
  specId: 'goal_lane.paused_twice',
  slots: [],
  steps: [{ ask: review }, { show: { progress: 70 } }, { ask: ending }],
};
/** The same question, asked again in earnest. */
export const pausedAgain: WorkflowSpec = {
  specId: 'goal_lane.paused_again',
  slots: [],
  steps: [{ ask: review }, { ask: review }],
};
/** Every call of the reference: slots before execution, and a checkpoint. */
export const full: WorkflowSpec = { specId: 'goal_lane.full', slots: [tone], steps: [{ ask: review }] };

export const fullAnswers = { tone: 'warm', confirmed_titles: 'Lead' };
export const fullConfirmed = [
  ['', { tone: 'warm' }],
  ['profile_review', { confirmed_titles: 'Lead' }],
] as const;
export const reviewed = [
  ['', {}],
  ['profile_review', { confirmed_titles: 'Lead' }],
] as const;
