import type { InputRequest, JobCommand } from '../../../machines/job-events.js';
import type { Failure } from '../../../services/failure.js';
import type { SlotValue } from '../../../services/wire/wire-types.js';

/** Asks a person. Each question resolves with undefined if the person leaves or the signal aborts. */
export interface Asker {
  fillSlots(
    request: InputRequest,
    signal: AbortSignal,
  ): Promise<Readonly<Record<string, SlotValue>> | undefined>;
  /** Whether the job may start (`--confirm manual`). False: not now. */
  mayStart(signal: AbortSignal): Promise<boolean | undefined>;
  /** What to do about a create with unknown outcome. */
  resolveUnknown(failure: Failure, signal: AbortSignal): Promise<JobCommand | undefined>;
}
