import type { JobPorts } from '../../src/machines/ports.js';

const never = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));

/** A server on which every job executes for ever, and turns that never come: what is measured is the waiting. */
export function stillPorts(onTurnAsked: () => void): JobPorts {
  const nobody = async (): Promise<never> => {
    throw new Error('a waiting job calls nothing');
  };
  return {
    inspectFiles: async ({ handles }) =>
      handles.map((handle) => ({ handle, name: 'resume.pdf', bytes: 48_213 })),
    loadCatalog: async () => [
      {
        specId: 'goal_lane.cover_letter',
        name: 'Cover letter',
        description: 'Writes a cover letter from a résumé and a job description.',
        supportedInputFormats: ['pdf', 'docx'],
        requiredSlots: [{ slotId: 'tone', type: 'text', required: true }],
        maxInputSizeBytes: 10_485_760,
        minFileCount: 1,
      },
    ],
    uploadFile: async () => ({ fileId: 'file_abc123' }),
    createJob: async () => ({
      jobSpecId: 'job_789',
      status: 'executing',
      statusWord: 'executing',
      itemVersion: 2,
      slots: [],
    }),
    getJob: async ({ jobSpecId }) => ({
      jobSpecId,
      status: 'executing',
      statusWord: 'executing',
      progress: 45,
      currentStep: 'generating_output',
      itemVersion: 2,
      slots: [],
    }),
    fillSlots: nobody,
    confirmJob: nobody,
    getStatus: nobody,
    getDownload: nobody,
    saveResult: nobody,
    startTurn: async () => undefined,
    waitUntil: (_, { signal }) => never(signal),
    pollTurn(_, { signal }) {
      onTurnAsked();
      return never(signal);
    },
  };
}
