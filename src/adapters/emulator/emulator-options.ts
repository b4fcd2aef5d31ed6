import { defined } from '../../services/defined.js';
import type { FaultRule } from './faults/fault-rule.js';
import { BUILT_IN_WORKFLOWS } from './model/built-in-workflows.js';
import type { LimiterKind } from './model/limiter.js';
import type { LogEntry } from './model/log.js';
import type { PlanLimits, PlanName } from './model/plans.js';
import type { ResetFormat } from './model/reset-format.js';
import { seededRandom } from './model/seeded-random.js';
import type { EmulatedWorkflow } from './model/workflow.js';

export interface EmulatedKey {
  readonly key: string;
  /** Identifies the key in the log. */
  readonly label?: string | undefined;
  /** Default: the model's plan. */
  readonly plan?: PlanName | PlanLimits | undefined;
}

export interface EmulatorModelOptions {
  /** Default `pro`. */
  readonly plan?: PlanName | PlanLimits | undefined;
  /** Default: one key, `emulator-key`; with {@link EmulatorModelOptions.token} a random one. */
  readonly apiKeys?: readonly (string | EmulatedKey)[] | undefined;
  /** Default: {@link BUILT_IN_WORKFLOWS}. */
  readonly workflows?: readonly EmulatedWorkflow[] | undefined;
  /** Default `fixed`. */
  readonly limiter?: LimiterKind | undefined;
  /** Default `epoch-s`. */
  readonly resetFormat?: ResetFormat | undefined;
  /** Speed-up of executions. Default 1. */
  readonly speed?: number | undefined;
  /** In [0, 1), for random durations. Default: seeded, the same each time. */
  readonly random?: (() => number) | undefined;
  /**
   * Generates unguessable tokens for the ids of jobs and files, the default key and the secret that signs URLs. Default: none;
   * then equal requests get equal ids (`job_1`), which is only for use within one process. `startEmulator` provides one.
   */
  readonly token?: (() => string) | undefined;
  /** Base URL of the API. Default: that of the reference. */
  readonly apiUrl?: string | undefined;
  /** Origin of the pre-signed URLs. Default `https://s3.amazonaws.com`. */
  readonly storageUrl?: string | undefined;
  /** From when on a job counts as concurrent; the reference does not say. Default `created`. */
  readonly concurrentFrom?: 'created' | 'confirmed' | undefined;
  /** Whether a confirm raises the item version too. Default false, as in the reference's examples (2 confirmed, 3 at the checkpoint). */
  readonly confirmRaisesVersion?: boolean | undefined;
  /** Whether a 202 carries the job. Default true. */
  readonly confirmBody?: boolean | undefined;
  /** Whether every status contains `itemVersion`, or only `slot_needed`, as in the reference. Default false. */
  readonly versionInEveryStatus?: boolean | undefined;
  /** Minimum time between two status reads of a job, ms. Default 2,000. */
  readonly statusIntervalMs?: number | undefined;
  /** Refuse earlier reads with 429, instead of only noting them in the log. Default false. */
  readonly enforceStatusInterval?: boolean | undefined;
  /** How long an unused upload is kept. Default 24 h. */
  readonly fileLifeMs?: number | undefined;
  /** How long a result is kept after completion. Default 24 h. */
  readonly resultLifeMs?: number | undefined;
  /** How long a pre-signed URL is valid. Default 1 h. */
  readonly urlLifeMs?: number | undefined;
  /**
   * Whether to keep the log. Default true: the newest 90,000 to 100,000 entries, whose `index` continues; false saves memory in a soak
   * test with many thousands of jobs.
   */
  readonly keepLog?: boolean | undefined;
  /** Faults from the start. More can be added later through `faults` of the model. */
  readonly faults?: readonly FaultRule[] | undefined;
  /** Called with each entry once its reply is known. */
  readonly onLog?: ((entry: LogEntry) => void) | undefined;
}

type Given = Required<Omit<EmulatorModelOptions, 'onLog' | 'token'>>;

/** The options, complete. */
export interface ModelSettings extends Readonly<{ [Name in keyof Given]: NonNullable<Given[Name]> }> {
  readonly token: (() => string) | undefined;
  readonly onLog: ((entry: LogEntry) => void) | undefined;
}

const DAY_MS = 86_400_000;

export function settingsFrom(options: EmulatorModelOptions): ModelSettings {
  return {
    plan: 'pro',
    apiKeys: [options.token === undefined ? 'emulator-key' : `emulator_${options.token()}`],
    workflows: BUILT_IN_WORKFLOWS,
    limiter: 'fixed',
    resetFormat: 'epoch-s',
    speed: 1,
    random: seededRandom(1),
    apiUrl: 'https://api.convilyn.com/api/v1',
    storageUrl: 'https://s3.amazonaws.com',
    concurrentFrom: 'created',
    confirmRaisesVersion: false,
    confirmBody: true,
    versionInEveryStatus: false,
    statusIntervalMs: 2_000,
    enforceStatusInterval: false,
    fileLifeMs: DAY_MS,
    resultLifeMs: DAY_MS,
    urlLifeMs: 3_600_000,
    keepLog: true,
    faults: [],
    token: undefined,
    onLog: undefined,
    ...defined(options),
  };
}
