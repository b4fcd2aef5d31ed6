import type { SlotValue } from '../../../services/wire/wire-types.js';
import type { ModelSettings } from '../emulator-options.js';
import type { ApiEndpoint } from './endpoint.js';
import type { Limiter } from './limiter.js';
import type { OpenEntry } from './log.js';
import type { ReceivedFile } from './messages.js';
import type { PlanLimits } from './plans.js';
import type { EmulatedWorkflow } from './workflow.js';

/** An uploaded file, under the key that uploaded it. */
export interface StoredFile extends ReceivedFile {
  readonly fileId: string;
  readonly uploadedAt: number;
  /** Epoch ms; a file that a job uses stays (Step 2). */
  expiresAt: number;
  used: boolean;
}

/** What a client was last told of a limit, once the reply has reached it. */
export interface ToldLimit {
  readonly heardAt: number;
  readonly until: number;
}

/** One API key: its plan, its counters and what it owns. */
export interface KeyRecord {
  readonly label: string;
  readonly limits: PlanLimits;
  readonly limiters: Map<ApiEndpoint, Limiter>;
  /** Limits that a fault holds shut, until when (epoch ms). */
  readonly heldShut: Map<ApiEndpoint, number>;
  readonly told: Map<ApiEndpoint, ToldLimit>;
  readonly files: Map<string, StoredFile>;
  /** Jobs that count against the concurrent ones. */
  readonly running: Set<RemoteJob>;
}

/** `accepted` is confirmed but still shown as `pending`; the others are the reference's words. */
export type Phase =
  | 'pending'
  | 'accepted'
  | 'confirming'
  | 'executing'
  | 'slot_needed'
  | 'completed'
  | 'failed';

/** What faults have done to a job for good. */
export interface JobTweaks {
  /** How long it shows `pending` after a confirm, ms. */
  acceptedMs?: number;
  confirmingMs?: number;
  /** Part of the work (0 to 1) that is never passed. */
  stuckAt?: number;
  /** How often the checkpoint that is confirmed next comes back with the same id. */
  repeatCheckpoint?: number;
  failWith?: string;
  /** The result is gone before its time. */
  resultGone?: boolean;
  /** How often the result was made again. */
  resultRevision?: number;
}

/** An answer as it stood when the question was confirmed. */
export interface GivenAnswer {
  readonly checkpointId?: string;
  readonly slotId: string;
  readonly value: SlotValue;
}

/** A job of the emulated API. Changed only by `advanceJob` and by the calls. */
export interface RemoteJob {
  readonly jobSpecId: string;
  readonly number: number;
  readonly key: KeyRecord;
  readonly workflow: EmulatedWorkflow;
  readonly files: readonly StoredFile[];
  readonly createdAt: number;
  /** Length of the work, drawn at creation and scaled. */
  readonly durationMs: number;
  readonly confirmingMs: number;
  readonly tweaks: JobTweaks;
  phase: Phase;
  /** Epoch ms. */
  since: number;
  /** Part of the work that was done at `since`. */
  done: number;
  nextCheckpoint: number;
  itemVersion: number;
  /** Answers to the slots of Step 4. */
  readonly values: Map<string, SlotValue>;
  /** Answers to the open checkpoint. */
  readonly checkpointValues: Map<string, SlotValue>;
  readonly given: GivenAnswer[];
  error?: string;
  endedAt?: number;
  /** When the last status read was sent. */
  lastStatusAt?: number;
  /** What the status read said in each earlier phase, oldest first; the last few. */
  readonly past: unknown[];
}

/** Everything the emulated API remembers. */
export interface World {
  readonly settings: ModelSettings;
  readonly keys: ReadonlyMap<string, KeyRecord>;
  readonly jobs: Map<string, RemoteJob>;
  readonly log: OpenEntry[];
  /** Path of the API's base URL, without a slash at its end. */
  readonly basePath: string;
  /** Signs the URLs of this world only. */
  readonly secret: string;
  requests: number;
  files: number;
}

/** A slot and what it is filled with, as a PATCH sends it. */
export interface GivenSlot {
  readonly slotId: string;
  readonly value: SlotValue;
}
