import type { EmulatedWorkflow } from './workflow.js';

const MIB = 1024 * 1024;
const DOCUMENTS = ['pdf', 'docx', 'txt', 'md'];

const coverLetter: EmulatedWorkflow = {
  specId: 'goal_lane.cover_letter',
  name: 'Cover letter',
  description: 'Writes a cover letter from a résumé and a job description. No slots, no checkpoints.',
  supportedInputFormats: DOCUMENTS,
  requiredSlots: [],
  maxInputSizeBytes: 10 * MIB,
  minFileCount: 2,
  execution: {
    durationMs: 8_000,
    steps: ['reading_input', 'generating_output', 'packaging'],
  },
};

const coverLetterWithTone: EmulatedWorkflow = {
  specId: 'goal_lane.styled_cover_letter',
  name: 'Cover letter in a given style',
  description: 'Asks for the tone and the length before it starts.',
  supportedInputFormats: DOCUMENTS,
  requiredSlots: [
    { slotId: 'tone', type: 'text', label: 'Tone', description: 'For example: professional' },
    { slotId: 'length', type: 'text', label: 'Length', description: 'For example: one_page' },
  ],
  maxInputSizeBytes: 10 * MIB,
  minFileCount: 1,
  execution: { durationMs: 8_000, steps: ['reading_input', 'generating_output'], curve: 'noisy' },
};

const profileReview: EmulatedWorkflow = {
  specId: 'goal_lane.resume_tailor',
  name: 'Tailored résumé',
  description: 'Pauses once, to have the detected roles confirmed.',
  supportedInputFormats: DOCUMENTS,
  requiredSlots: [],
  maxInputSizeBytes: 10 * MIB,
  minFileCount: 1,
  execution: {
    durationMs: 8_000,
    steps: ['detecting_roles', 'generating_output'],
    checkpoints: [
      {
        checkpointId: 'profile_review',
        at: 0.5,
        stepOutputPreview: 'Detected roles: Senior Engineer, Tech Lead...',
        slots: [{ slotId: 'confirmed_titles', type: 'text' }],
      },
    ],
  },
};

const outlineAndDraft: EmulatedWorkflow = {
  specId: 'goal_lane.research_brief',
  name: 'Research brief',
  description: 'Pauses twice: for the outline, and for the draft.',
  supportedInputFormats: DOCUMENTS,
  requiredSlots: [],
  maxInputSizeBytes: 25 * MIB,
  minFileCount: 1,
  execution: {
    durationMs: 12_000,
    steps: ['outlining', 'drafting', 'polishing'],
    curve: 'stalling',
    checkpoints: [
      {
        checkpointId: 'outline_review',
        at: 0.3,
        stepOutputPreview: 'Outline:\n1. Background\n2. Findings\n3. Next steps',
        slots: [{ slotId: 'approved_outline', type: 'text', label: 'Outline, as it should be' }],
      },
      {
        checkpointId: 'draft_review',
        at: 0.7,
        stepOutputPreview: 'Draft: two pages, four sources.',
        slots: [
          { slotId: 'verdict', type: 'enum', options: ['accept', 'shorten', 'expand'] },
          { slotId: 'remarks', type: 'text', required: false },
        ],
      },
    ],
  },
};

const failing: EmulatedWorkflow = {
  specId: 'goal_lane.scan_to_text',
  name: 'Scan to text',
  description: 'Fails during execution, always.',
  supportedInputFormats: ['pdf', 'png', 'jpg', 'txt', 'md'],
  requiredSlots: [],
  maxInputSizeBytes: 10 * MIB,
  minFileCount: 1,
  execution: {
    durationMs: 6_000,
    steps: ['reading_input', 'recognising_text'],
    fails: { at: 0.6, error: 'No text could be recognised on page 2.' },
  },
};

const archive: EmulatedWorkflow = {
  specId: 'goal_lane.media_archive',
  name: 'Media archive',
  description: 'Takes up to 2 GiB of anything, and shows no progress while it runs.',
  supportedInputFormats: ['mp4', 'mov', 'wav', 'zip', 'bin', 'pdf', 'txt'],
  requiredSlots: [],
  maxInputSizeBytes: 2048 * MIB,
  minFileCount: 1,
  execution: { durationMs: 4_000, curve: 'absent' },
};

const translation: EmulatedWorkflow = {
  specId: 'goal_lane.translation',
  name: 'Translation',
  description: 'Asks for one of three languages; anything else is refused with 422.',
  supportedInputFormats: DOCUMENTS,
  requiredSlots: [
    { slotId: 'target_language', type: 'enum', options: ['de', 'fr', 'ja'], label: 'Target language' },
    { slotId: 'max_words', type: 'number', required: false },
    { slotId: 'keep_layout', type: 'boolean', required: false },
    { slotId: 'glossary', type: 'list', required: false },
  ],
  maxInputSizeBytes: 10 * MIB,
  minFileCount: 1,
  execution: { durationMs: 6_000, steps: ['reading_input', 'translating', 'packaging'] },
};

/** One like the reference's cover letter, and one for each feature of workflows. */
export const BUILT_IN_WORKFLOWS: readonly EmulatedWorkflow[] = [
  coverLetter,
  coverLetterWithTone,
  profileReview,
  outlineAndDraft,
  failing,
  archive,
  translation,
];
