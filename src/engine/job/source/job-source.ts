import type { JobCommand } from '../../../machines/job-events.js';
import type { SlotValue } from '../../../services/wire/wire-types.js';
import type { JobView } from './job-view.js';
import type { SlotsAnswer } from './slots-answer.js';

/**
 * What shows one job and takes what people say to it. Every handle is one; a client of a job that runs elsewhere is one where it has these
 * functions. Commands may be sent over a network: those of a handle return nothing.
 */
export interface JobSource {
  /** The host's name for the job; known before there is a `jobSpecId`. */
  readonly id: string;
  /** The same object until something changes. */
  view(): JobView;
  /** Calls back after every change of the view, of the state path alone too. Returns what ends it. */
  subscribe(listener: (view: JobView) => void): () => void;
  /** Resolves with what became of the values, and never rejects where the job is in this process. */
  submitSlots(slots: Readonly<Record<string, SlotValue>>): Promise<SlotsAnswer>;
  confirm(): void | Promise<void>;
  send(command: JobCommand): void | Promise<void>;
}
