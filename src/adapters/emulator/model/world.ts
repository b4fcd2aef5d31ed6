import type { SlotValue } from '../../../services/wire/wire-types.js';
import type { ModelSettings } from '../emulator-options.js';
import type { ApiEndpoint } from './endpoint.js';
import type { Limiter } from './limiter.js';
import type { OpenEntry } from './log.js';
import type { ReceivedFile } from './messages.js';
import type { PlanLimits } from './plans.js';
import type { EmulatedWorkflow } from './workflow.js';

/** An uploaded file of a key. */
export interface StoredFile extends ReceivedFile {
  readonly fileId: string;
  readonly uploadedAt: number;
  /** Epoch ms; a file that a job uses does not expire ("Step 2: Upload a File"). */
  expiresAt: number;
  used: boolean;
}

/** The last state of a limit that a client received in a reply. */
export interface ReportedLimit {
  readonly heardAt: number;
  readonly until: number;
}

/** One API key: its plan, its counters and what it owns. */
export interface KeyRecord {
  readonly label: string;
  readonly limits: PlanLimits;
  readonly limiters: Map<ApiEndpoint, Limiter>;
  /** Limits that a fault keeps closed, until when (epoch ms). */
  readonly heldShut: Map<ApiEndpoint, number>;
  readonly lastReported: Map<ApiEndpoint, ReportedLimit>;
  readonly files: Map<string, StoredFile>;
  /** Jobs that count as concurrent. */
  readonly running: Set<RemoteJob>;
}

/** `accepted` means confirmed but still shown as `pending`; the others are the reference's words. */
export type Phase =
  | 'pending'
  | 'accepted'
  | 'confirming'
  | 'executing'
  | 'slot_needed'
  | 'completed'
  | 'failed';

/** Permanent changes of a job by faults. */
export interface JobTweaks {
  /** How long it shows `pending` after a confirm, ms. */
  acceptedMs?: number;
  confirmingMs?: number;
  /** Fraction of the work (0 to 1) that is never exceeded. */
  stuckAt?: number;
  /** How often the checkpoint that is confirmed next returns with the same id. */
  repeatCheckpoint?: number;
  failWith?: string;
  /** The result is gone early. */
  resultGone?: boolean;
  /** How often the result was regenerated. */
  resultRevision?: number;
}

/** An answer at the time when the question was confirmed. */
export interface GivenAnswer {
  readonly checkpointId?: string;
  readonly slotId: string;
  readonly value: SlotValue;
}

/** A job of the emulated API. Changed only by `advanceJob` and by calls. */
export interface RemoteJob {
  readonly jobSpecId: string;
  readonly number: number;
  readonly key: KeyRecord;
  readonly workflow: EmulatedWorkflow;
  readonly files: readonly StoredFile[];
  readonly createdAt: number;
  /** Duration of the work, determined at creation and scaled. */
  readonly durationMs: number;
  readonly confirmingMs: number;
  readonly tweaks: JobTweaks;
  phase: Phase;
  /** Epoch ms. */
  since: number;
  /** Fraction of the work that was done at `since`. */
  done: number;
  nextCheckpoint: number;
  itemVersion: number;
  /** Answers to the slots before execution ("Step 4: Fill Required Slots"). */
  readonly values: Map<string, SlotValue>;
  /** Answers to the open checkpoint. */
  readonly checkpointValues: Map<string, SlotValue>;
  readonly given: GivenAnswer[];
  error?: string;
  endedAt?: number;
  /** When the last status read was sent. */
  lastStatusAt?: number;
  /** The statuses of earlier phases, oldest first; only the last few. */
  readonly past: unknown[];
}

/** The whole state of the emulated API. */
export interface World {
  readonly settings: ModelSettings;
  readonly keys: ReadonlyMap<string, KeyRecord>;
  readonly jobs: Map<string, RemoteJob>;
  readonly log: OpenEntry[];
  /** Path of the API's base URL, without a trailing slash. */
  readonly basePath: string;
  /** The secret that signs this world's URLs. */
  readonly secret: string;
  requests: number;
  files: number;
}

/** A slot and its value, as sent in a PATCH. */
export interface GivenSlot {
  readonly slotId: string;
  readonly value: SlotValue;
}
