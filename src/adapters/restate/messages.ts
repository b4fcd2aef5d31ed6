import type { JobView } from '../../engine/job/source/job-view.js';
import type { SlotsAnswer } from '../../engine/job/source/slots-answer.js';
import type { Submission } from '../../engine/job/submission.js';
import type { DeskEvent } from '../../engine/lane/starts/place-desk.js';
import type { QueueRank } from '../../engine/store/record/job-record.js';
import type { JobCommand, JobEmitted, JobSignal } from '../../machines/job-events.js';
import type { JobInput } from '../../machines/job-input.js';
import type { JobOutput } from '../../machines/job-output.js';
import type { KnownReading } from '../../machines/reading/known-reading.js';
import type { Reply } from '../../machines/reply.js';
import type { Failure } from '../../services/failure.js';
import type { StatusReading } from '../../services/wire/wire-types.js';
import type { ToldCreations } from './key/told-creations.js';

/** Starts a job: the one thing that a host sends that lasts. */
export interface StartMessage {
  readonly input: JobInput;
  readonly keyId: string;
  readonly queue: QueueRank;
}

/** What reaches a job from within. A token that is not open any more is dropped. */
export type DeliverMessage =
  | {
      readonly type: 'reply';
      readonly token: string;
      readonly reply: Reply<unknown>;
      /** The reading that ended a turn: the answer to the `getStatus` that follows. */
      readonly ahead?: Reply<StatusReading>;
    }
  /** A wait is over. */
  | { readonly type: 'due'; readonly token: string }
  | { readonly type: 'grant'; readonly token: string; readonly mayCreate?: boolean }
  /** `at`: epoch ms by the clock that the failure's times are of. */
  | { readonly type: 'refusal'; readonly token: string; readonly failure: Failure; readonly at: number };

export interface ProgressMessage {
  readonly token: string;
  readonly signal: JobSignal;
}

/** The trace of the phase that a process has begun: what goes on with the job links to it. */
export interface TracedMessage {
  readonly traceparent: string;
}

export interface SendMessage {
  readonly command: JobCommand;
}

/** What is known of values on their way to the server; no answer: it is not decided yet. */
export interface SubmissionAnswer {
  readonly submission: Submission;
  readonly answer?: SlotsAnswer | undefined;
}

/** What became of a command: whether the job is one that takes it, and where it stands now. Of values that were sent, what became of them. */
export interface SendAnswer extends Partial<SubmissionAnswer> {
  readonly isTaken: boolean;
  /** Absent where there is no such job, or it has ended. */
  readonly view?: JobView;
}

/** An event of a job, numbered from 1 over all processes that drove it. */
export type NumberedEvent = JobEmitted & { readonly seq: number; readonly at: number };

export interface EventsPage {
  /** False: there is no such job, or it has ended. */
  readonly isThere: boolean;
  readonly view?: JobView;
  readonly events: readonly NumberedEvent[];
}

/** What is kept of a job that has ended, as the answer of the handler that is named for how it ended. */
export interface EndedJob {
  readonly keyId: string;
  readonly createdAt: number;
  readonly endedAt: number;
  readonly output: JobOutput;
  readonly view: JobView;
  readonly events: readonly NumberedEvent[];
}

/** A call that is made by `GoalCalls`, and whom it answers. */
export interface CallMessage {
  readonly jobId: string;
  readonly keyId: string;
  readonly token: string;
  readonly src: 'uploadFiles' | 'saveResult';
  readonly input: unknown;
  /** What the log and a trace say of the job. */
  readonly fields?: object;
}

/** A job whose status is to be read. */
export interface WaitingJob {
  readonly jobId: string;
  readonly token: string;
  /** `turn`: answered with a turn and the reading; `status`: with the reading alone. */
  readonly wants: 'turn' | 'status';
  readonly jobSpecId: string;
  readonly workflowId?: string;
  readonly known?: KnownReading;
  /** Not before so many ms from now: a span, for the clocks of two machines differ. */
  readonly inMs: number;
  /** True where a stretch of execution has just begun. */
  readonly isFresh: boolean;
}

/** What a job tells its key at the end of a handler, in one message. */
export interface TellMessage {
  /** Epoch ms by the clock of the job's worker: the key keeps no time of its own. */
  readonly now: number;
  readonly events: readonly DeskEvent[];
  readonly creations?: ToldCreations;
  /** A create was answered: what it says of the creations of the day is known from now on. */
  readonly isCreateKnown?: boolean;
  readonly enter?: WaitingJob;
  /** The job that is not read any more. */
  readonly leave?: string;
}

/** Asks the key for a place, or for the right to send a create. */
export interface AskMessage {
  readonly jobId: string;
  readonly token: string;
  readonly may: 'start' | 'create';
  /** As in `TellMessage`. */
  readonly now: number;
  readonly queue: QueueRank;
}

export type AskAnswer =
  /** `mayCreate`: its create need not be asked for. */
  | { readonly answer: 'granted'; readonly mayCreate: boolean }
  /** A `DeliverMessage` comes later. */
  | { readonly answer: 'later' }
  | { readonly answer: 'refused'; readonly failure: Failure };

/** The reader asks who has come and gone since. */
export interface SyncMessage {
  /** The `seq` of the last answer; 0: everything. */
  readonly after: number;
}

export interface SyncAnswer {
  readonly seq: number;
  /** What is not listed is not read any more. */
  readonly isFull: boolean;
  readonly entered: readonly WaitingJob[];
  readonly left: readonly string[];
}
