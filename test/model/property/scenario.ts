import fc from 'fast-check';
import type {
  EmulatedWorkflow,
  EmulatorModelOptions,
  FaultRule,
} from '../../../src/adapters/emulator/index.js';
import type { JobOptions } from '../../../src/machines/job-input.js';
import { faultSchedule } from './fault-arbitrary.js';
import { rightValue, slotsOf, wrongValue } from './slot-values.js';
import { seldom, workflowArbitrary } from './workflow-arbitrary.js';

/** How a person answers when asked; after the last answer it does not answer any more. */
export interface Person {
  readonly delayMs: number;
  readonly answers: readonly ('right' | 'wrong' | 'partial' | 'not-asked')[];
  readonly onUnknown: readonly ('retry' | 'adopt' | 'adopt-wrong' | 'detach')[];
  readonly confirms: boolean;
  /** What is sent out of turn. */
  readonly whims: readonly {
    readonly afterMs: number;
    readonly command: 'RETRY' | 'DETACH' | 'REFRESH_DOWNLOAD' | 'CONFIRM' | 'SUBMIT_SLOTS' | 'ADOPT';
  }[];
}

/** What somebody else does to the same job, by the same API. */
export interface SecondAct {
  readonly afterMs: number;
  readonly does: 'fills' | 'confirms' | 'fills-and-confirms';
}

/** The wall clock of the client's machine is set; the server's is not. */
export interface ClockStep {
  readonly afterMs: number;
  readonly byMs: number;
}

type ServerOptions = Pick<
  EmulatorModelOptions,
  | 'plan'
  | 'limiter'
  | 'resetFormat'
  | 'confirmRaisesVersion'
  | 'confirmBody'
  | 'versionInEveryStatus'
  | 'enforceStatusInterval'
  | 'concurrentFrom'
>;

/** Everything that is random about a run; the same scenario always takes the same course. */
export interface Scenario {
  readonly seed: number;
  /** Epoch ms. */
  readonly start: number;
  /** At most; at least 1, because within one ms the order of replies is unknown. */
  readonly latencyMs: number;
  /** Reads without news do not wake the machine. */
  readonly lookAhead: boolean;
  readonly server: ServerOptions;
  readonly workflow: EmulatedWorkflow;
  readonly fileBytes: readonly number[];
  readonly options: JobOptions;
  readonly faults: readonly FaultRule[];
  readonly person: Person;
  readonly seconds: readonly SecondAct[];
  readonly steps: readonly ClockStep[];
}

const delayMs = fc.constantFrom(0, 1, 700, 3_000, 20_000, 90_000);

const person: fc.Arbitrary<Person> = fc.record({
  delayMs,
  answers: fc.array(fc.constantFrom('right', 'right', 'wrong', 'partial', 'not-asked'), { maxLength: 8 }),
  onUnknown: fc.array(fc.constantFrom('retry', 'adopt', 'adopt', 'adopt-wrong', 'detach'), { maxLength: 4 }),
  confirms: fc.boolean(),
  whims: fc.oneof(
    { weight: 3, arbitrary: fc.constant<never[]>([]) },
    {
      weight: 2,
      arbitrary: fc.array(
        fc.record({
          afterMs: fc.integer({ min: 0, max: 40_000 }),
          command: fc.constantFrom(
            'RETRY',
            'RETRY',
            'DETACH',
            'REFRESH_DOWNLOAD',
            'CONFIRM',
            'SUBMIT_SLOTS',
            'ADOPT',
          ),
        }),
        { maxLength: 4 },
      ),
    },
  ),
});

const seconds: fc.Arbitrary<SecondAct[]> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<never[]>([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.record({
        afterMs: fc.integer({ min: 0, max: 30_000 }),
        does: fc.constantFrom('fills', 'confirms', 'fills-and-confirms'),
      }),
      { maxLength: 4 },
    ),
  },
);

const steps: fc.Arbitrary<ClockStep[]> = fc.oneof(
  { weight: 1, arbitrary: fc.constant<never[]>([]) },
  {
    weight: 1,
    arbitrary: fc.array(
      fc.record({
        afterMs: fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 0, max: 600_000 })),
        byMs: fc.oneof(
          fc.constantFrom(-3_600_000, 3_600_000, -20_000, 20_000, -500, 500, -86_400_000, 86_400_000),
          fc.integer({ min: -7_200_000, max: 7_200_000 }),
        ),
      }),
      { maxLength: 6 },
    ),
  },
);

const server: fc.Arbitrary<ServerOptions> = fc.record({
  plan: fc.oneof(
    fc.constantFrom('free' as const, 'pro' as const, 'business' as const),
    fc.record({
      createsPerDay: fc.integer({ min: 1, max: 3 }),
      statusReadsPerMinute: fc.integer({ min: 1, max: 40 }),
      concurrentJobs: fc.constantFrom(1, 100),
      otherRequestsPerMinute: fc.integer({ min: 1, max: 20 }),
    }),
  ),
  limiter: fc.constantFrom('fixed' as const, 'sliding' as const, 'bucket' as const),
  resetFormat: fc.constantFrom('epoch-s', 'epoch-ms', 'delta-s', 'http-date', 'iso'),
  confirmRaisesVersion: fc.boolean(),
  confirmBody: fc.boolean(),
  versionInEveryStatus: fc.boolean(),
  enforceStatusInterval: fc.boolean(),
  concurrentFrom: fc.constantFrom('created' as const, 'confirmed' as const),
});

interface OptionsDraft {
  readonly known: readonly ('right' | 'wrong' | 'list' | 'nothing')[];
  readonly confirm: 'auto' | 'manual';
  readonly missingSlots: 'ask' | 'fail';
  readonly onUnknownOutcome: 'ask' | 'retry' | 'fail';
  readonly onSlotConflict: 'ask' | 'ours' | 'theirs';
  readonly delivery: 'save' | 'link';
  readonly maxWaitMs: number | undefined;
  readonly hasTightRetries: boolean;
}

const optionsDraft: fc.Arbitrary<OptionsDraft> = fc.record({
  known: fc.array(fc.constantFrom('right', 'right', 'right', 'wrong', 'list', 'nothing'), {
    minLength: 3,
    maxLength: 3,
  }),
  confirm: fc.constantFrom('auto', 'auto', 'manual'),
  missingSlots: fc.constantFrom('ask', 'ask', 'ask', 'fail'),
  onUnknownOutcome: fc.constantFrom('ask', 'ask', 'retry', 'fail'),
  onSlotConflict: fc.constantFrom('ask', 'ours', 'theirs'),
  delivery: fc.constantFrom('save', 'save', 'save', 'link'),
  maxWaitMs: seldom(fc.constantFrom(1, 20_000, 300_000, 4_000_000)),
  hasTightRetries: fc.boolean(),
});

function knownAnswers(
  workflow: EmulatedWorkflow,
  known: OptionsDraft['known'],
): NonNullable<JobOptions['answers']> {
  const entries = [...slotsOf(workflow).values()].flatMap((slot, index) => {
    switch (known[index % known.length]) {
      case 'right':
        return [[slot.slotId, rightValue(slot)] as const];
      case 'wrong':
        return [[slot.slotId, wrongValue(slot)] as const];
      case 'list':
        return [[slot.slotId, [rightValue(slot, 1), rightValue(slot, 2)]] as const];
      default:
        return [];
    }
  });
  return Object.fromEntries(entries);
}

/**
 * Jobs that were created and never known keep their places, and nothing ends them: the policy to create again
 * can fill the few places of a key with them, and then waits for one, as it should.
 */
const mayCrowdItselfOut = ({ plan }: ServerOptions, policy: OptionsDraft['onUnknownOutcome']): boolean =>
  (typeof plan === 'object' && plan.concurrentJobs === 1) || (plan === 'free' && policy === 'retry');

/** A job that its server never ends needs a deadline, or it is followed for ever, as it should be. */
const mayLastForEver = (rules: readonly FaultRule[]): boolean =>
  rules.some(({ fault, times, nth }) =>
    [fault].flat().some(({ kind }) => kind === 'stuck' || (times === undefined && nth === undefined)),
  );

function jobOptions(
  draft: OptionsDraft,
  workflow: EmulatedWorkflow,
  { faults, start, server: limits }: Pick<Scenario, 'faults' | 'start' | 'server'>,
): JobOptions {
  const { known, maxWaitMs, hasTightRetries, ...options } = draft;
  const isEndless = mayLastForEver(faults) || mayCrowdItselfOut(limits, options.onUnknownOutcome);
  const maxWait = maxWaitMs ?? (isEndless ? 400_000 : undefined);
  return {
    ...options,
    answers: knownAnswers(workflow, known),
    ...(maxWait === undefined ? {} : { deadlineAt: start + maxWait }),
    ...(hasTightRetries ? { retry: { baseMs: 100, capMs: 2_000, maxAttempts: 4, maxTotalMs: 20_000 } } : {}),
  };
}

/** Half an hour before the end of a UTC day, when a day's creations come back. */
const START = Date.UTC(2026, 2, 30, 23, 30);

export const scenarioArbitrary: fc.Arbitrary<Scenario> = fc
  .record({
    seed: fc.integer(),
    start: fc.integer({ min: 0, max: 1_799_999 }).map((offset) => START + offset),
    latencyMs: fc.constantFrom(1, 5, 80, 3_000),
    lookAhead: fc.boolean(),
    server,
    workflow: workflowArbitrary,
    fileBytes: fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 3 }),
    draft: optionsDraft,
    faults: faultSchedule,
    person,
    seconds,
    // Last: scenarios that were found before keep their seeds and paths.
    steps,
  })
  .map(({ draft, ...drawn }) => ({
    ...drawn,
    options: jobOptions(draft, drawn.workflow, drawn),
  }));
