/** A waiting job as the release before the short layout has stored it, taken from the engine's state. */
export const STORED_BEFORE = {
  keyId: 'default',
  queue: { priority: 0, order: 1795867476121 },
  createdAt: 1795867476704.0085,
  waits: {},
  place: 'arrived',
  mayCreate: false,
  schemaVersion: 3,
  id: 'bench-3',
  updatedAt: 1795867481180.9238,
  log: {
    last: 12,
    events: [
      {
        type: 'created',
        jobSpecId: 'job_3dce2653244113c7e46f2a6b8e365fd4',
        itemVersion: 1,
        seq: 7,
        at: 1795867478278.681,
      },
      { type: 'progress', status: 'executing', seq: 11, at: 1795867481180.9238 },
    ],
    moves: [
      [1, 1795867476704.0085, 'preparing.inspecting'],
      [2, 1795867476704.0085, 'preparing.validating'],
      [3, 1795867476996.9182, 'preparing.queued'],
      [4, 1795867476996.9182, 'preparing.uploading'],
      [5, 1795867477425.74, 'preparing.takingTicket'],
      [6, 1795867477425.74, 'preparing.creating'],
      [8, 1795867478278.681, 'confirming.sending'],
      [9, 1795867478309.7454, 'confirming.awaitingTurn'],
      [10, 1795867481180.9238, 'confirming.reading'],
      [12, 1795867481180.9238, 'executing.awaitingTurn'],
    ],
  },
  snapshot: {
    value: { executing: 'awaitingTurn' },
    context: {
      input: { workflowId: 'bench.waiting', files: ['/tmp/goal-lane-lab-pZKHFq/file.txt'] },
      files: [
        {
          handle: '/tmp/goal-lane-lab-pZKHFq/file.txt',
          name: 'file.txt',
          bytes: 6,
          identity: '65024:2154868',
          modifiedAt: 1795867474903,
          changedAt: 1795867474903,
        },
      ],
      uploads: [{ fileId: 'file_00e8e930bb29e1da29ee3b66d3c6a6d0', uploadedAt: 1795867477425.74 }],
      workflow: { requiredSlots: [] },
      ticket: 'bench-3/5',
      jobSpecId: 'job_3dce2653244113c7e46f2a6b8e365fd4',
      itemVersion: 1,
      statusWord: 'executing',
      answered: {
        itemVersion: 1,
        question: {
          slots: [],
          values: {},
          held: {},
          fieldErrors: [],
          conflicts: [],
          uncertain: false,
        },
      },
      sentVersion: 1,
      lastReadAt: 1795867481180.9238,
    },
    children: {
      '0.goalJob.executing.awaitingTurn': {
        src: 'pollTurn',
        input: {
          jobSpecId: 'job_3dce2653244113c7e46f2a6b8e365fd4',
          notBefore: 1795867483180.9238,
          known: { status: 'executing', statusWord: 'executing', itemVersion: 1 },
        },
        token: '10',
      },
    },
  },
  started: 10,
} as const;
