import type { SlotValue } from '../../../services/wire-types.js';
import type { ApiEndpoint } from './endpoint.js';
import type { Limiter } from './limiter.js';
import type { OpenEntry } from './log.js';
import type { ReceivedFile } from './messages.js';
import type { ModelSettings } from './model-options.js';
import type { PlanLimits } from './plans.js';
import type { RemoteJob } from './remote-job.js';

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

/** Everything the emulated API remembers. */
export interface World {
  readonly settings: ModelSettings;
  readonly keys: ReadonlyMap<string, KeyRecord>;
  readonly jobs: Map<string, RemoteJob>;
  readonly log: OpenEntry[];
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
