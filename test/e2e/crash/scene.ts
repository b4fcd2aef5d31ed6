import type { EmulatedWorkflow } from '../../../src/adapters/emulator/index.js';

/** Two questions during execution and one before it. */
export const CRASH_WORKFLOW: EmulatedWorkflow = {
  specId: 'goal_lane.crash_letter',
  name: 'Crash letter',
  description: 'Asks before it starts, and twice on its way.',
  supportedInputFormats: ['txt'],
  requiredSlots: [{ slotId: 'tone', type: 'text' }],
  maxInputSizeBytes: 1_000_000,
  minFileCount: 2,
  execution: {
    durationMs: 5_000,
    confirmingMs: 500,
    checkpoints: [
      { checkpointId: 'outline', at: 0.3, slots: [{ slotId: 'outline_ok', type: 'text' }] },
      { checkpointId: 'draft', at: 0.7, slots: [{ slotId: 'draft_ok', type: 'text' }] },
    ],
  },
};

export const ANSWERS = { tone: 'plain', outline_ok: 'yes', draft_ok: 'yes, too' };

/** Each trial has a key, and so a log and jobs, of its own. */
export const keyOf = (trial: number): string => `crash-key-${trial}`;
