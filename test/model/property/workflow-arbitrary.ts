import fc from 'fast-check';
import type {
  EmulatedCheckpoint,
  EmulatedSlot,
  EmulatedWorkflow,
} from '../../../src/adapters/emulator/index.js';

export const WORKFLOW_ID = 'goal_lane.random';

/** Mostly absent. */
export const seldom = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> =>
  fc.oneof({ weight: 7, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary });

const slotType = fc.constantFrom(
  'text' as const,
  'number' as const,
  'boolean' as const,
  'enum' as const,
  'list' as const,
);

const slotNamed = (slotId: string): fc.Arbitrary<EmulatedSlot> =>
  fc.record({ type: slotType, required: fc.boolean() }).map(({ type, required }) => ({
    slotId,
    type,
    required,
    ...(type === 'enum' ? { options: ['red', 'green', 'blue'] } : {}),
  }));

/** Names that every object inherits: a careless lookup in a map finds them. */
export const SLOT_NAMES = { first: 'first_a', mid: 'constructor', shared: '__proto__' } as const;

/** Checkpoints that ask for the same slot show whether a list of answers is used in turn. */
const slots = (where: 'first' | 'mid'): fc.Arbitrary<EmulatedSlot[]> =>
  fc.oneof(
    fc.constant<never[]>([]),
    slotNamed(SLOT_NAMES[where]).map((slot) => [slot]),
    fc.tuple(slotNamed(SLOT_NAMES[where]), slotNamed(SLOT_NAMES.shared)).map((pair) => [...pair]),
  );

const checkpoints: fc.Arbitrary<EmulatedCheckpoint[]> = fc
  .array(
    fc.record({
      at: fc.constantFrom(0, 0.3, 0.5, 1),
      isNamedAgain: fc.boolean(),
      slots: slots('mid'),
    }),
    { maxLength: 3 },
  )
  .map((drafts) =>
    drafts
      .sort((a, b) => a.at - b.at)
      .map(({ at, isNamedAgain, slots: asked }, index) => ({
        at,
        checkpointId: isNamedAgain ? 'review' : `review_${index}`,
        stepOutputPreview: `Found ${index}`,
        slots: asked,
      })),
  );

export const workflowArbitrary: fc.Arbitrary<EmulatedWorkflow> = fc
  .record({
    requiredSlots: slots('first'),
    checkpoints,
    durationMs: fc.constantFrom(0, 1, 1_500, 9_000, 40_000),
    confirmingMs: fc.constantFrom(0, 300, 5_000),
    curve: fc.constantFrom('linear' as const, 'noisy' as const, 'stalling' as const, 'absent' as const),
    failsAt: seldom(fc.constantFrom(0, 0.7)),
    resultBytes: fc.option(fc.constantFrom(0, 1, 5_000, 70_000), { nil: undefined }),
  })
  .map(({ requiredSlots, failsAt, resultBytes, ...execution }) => ({
    specId: WORKFLOW_ID,
    name: 'Random',
    description: 'Drawn for a test',
    supportedInputFormats: ['txt'],
    requiredSlots,
    maxInputSizeBytes: 1_000_000,
    minFileCount: 1,
    execution: {
      ...execution,
      steps: ['reading', 'writing'],
      ...(failsAt === undefined ? {} : { fails: { at: failsAt, error: 'it broke' } }),
      ...(resultBytes === undefined ? {} : { result: { kind: 'random', bytes: resultBytes } }),
    },
  }));
