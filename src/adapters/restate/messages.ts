import type { JobView } from '../../engine/job/source/job-view.js';
import type { SlotsAnswer } from '../../engine/job/source/slots-answer.js';
import type { Submission } from '../../engine/job/submission.js';
import type { DeskEvent } from '../../engine/lane/starts/desk-events.js';
import type { QueueRank } from '../../engine/store/record/job-record.js';
import type { JobCommand, JobEmitted, JobSignal } from '../../machines/job-events.js';
import type { JobInput } from '../../machines/job-input.js';
import type { JobOutput } from '../../machines/job-output.js';
import type { KnownReading } from '../../machines/reading/known-reading.js';
import type { Reply } from '../../machines/reply.js';
import type { Failure } from '../../services/failure.js';
import type { Endpoint } from '../../services/limits/endpoint.js';
import type { StatusReading } from '../../services/wire/wire-types.js';
import type { ReportedCreations } from './key/reported-creations.js';

/** Starts a job: the only message of a host that is kept. */
export interface StartMessage {
  readonly input: JobInput;
  readonly keyId: string;
  readonly queue: QueueRank;
}

/** An internal message to a job. It is dropped if its token is no longer open. */
export type DeliverMessage =
  | {
      readonly type: 'reply';
      readonly token: string;
      readonly reply: Reply<unknown>;
      /** The reading that ended a turn: the reply to the `getStatus` that follows. */
      readonly ahead?: Reply<StatusReading>;
    }
  /** A wait has ended. */
  | { readonly type: 'due'; readonly token: string }
  | {
      readonly type: 'grant';
      readonly token: string;
      readonly mayCreate?: boolean;
      readonly withCreate?: true;
    }
  /** `at`: epoch ms, by the clock of the failure's times. */
  | { readonly type: 'refusal'; readonly token: string; readonly failure: Failure; readonly at: number };

export interface ProgressMessage {
  readonly token: string;
  readonly signal: JobSignal;
}

/** The trace of the phase that a process has started; later phases link to it. */
export interface TracedMessage {
  readonly traceparent: string;
}

export interface SendMessage {
  readonly command: JobCommand;
  /** Up to which number the sender has seen the job; absent if it has not, or from an older client. */
  readonly seen?: number | undefined;
}

/** What is known of submitted values; no `answer` while undecided. */
export interface SubmissionAnswer {
  readonly submission: Submission;
  readonly answer?: SlotsAnswer | undefined;
}

/** The outcome of a command: whether the job accepts it, its view now, and the outcome of submitted values. */
export interface SendAnswer extends Partial<SubmissionAnswer> {
  readonly isTaken: boolean;
  /** Absent if there is no such job, or it has ended. */
  readonly view?: JobView;
  /** The number of the newest event or change of state in that view. Absent from a worker of an older release. */
  readonly last?: number;
}

/** An event of a job, numbered from 1 across all processes that drove it. */
export type NumberedEvent = JobEmitted & { readonly seq: number; readonly at: number };

/** A change of state, numbered among the events: its time (epoch ms), and the state path that was entered. */
export type NumberedMove = readonly [seq: number, at: number, path: string];

export interface EventsPage {
  /** False if there is no such job, or it has ended. */
  readonly isThere: boolean;
  readonly view?: JobView;
  /** Epoch ms; absent from a worker of an older release. */
  readonly createdAt?: number;
  /** As in `SendAnswer`. */
  readonly last?: number;
  readonly events: readonly NumberedEvent[];
  /** Absent from a worker of an older release. */
  readonly moves?: readonly NumberedMove[];
}

/** What is kept of an ended job, as the answer of the handler named after how it ended. */
export interface EndedJob {
  readonly keyId: string;
  readonly createdAt: number;
  readonly endedAt: number;
  readonly output: JobOutput;
  readonly view: JobView;
  readonly events: readonly NumberedEvent[];
  /** Absent in what an older release has kept. */
  readonly moves?: readonly NumberedMove[];
}

/** A call for `GoalCalls` to make, and the job to answer. */
export interface CallMessage {
  readonly jobId: string;
  readonly keyId: string;
  readonly token: string;
  readonly src: 'uploadFiles' | 'saveResult';
  readonly input: unknown;
  /** Fields of the job for logs and traces. */
  readonly fields?: object;
}

/** A job whose status has to be read. */
export interface WaitingJob {
  readonly jobId: string;
  readonly token: string;
  /** `turn`: answered with a turn and the reading; `status`: only with the reading. */
  readonly wants: 'turn' | 'status';
  readonly jobSpecId: string;
  /** About the job, for logs and traces; absent from older workers. */
  readonly fields?: object;
  readonly workflowId?: string;
  readonly known?: KnownReading;
  /** The earliest read, in ms from now: a duration, because the clocks of two machines differ. */
  readonly inMs: number;
  /** True if the job has just begun to execute. */
  readonly isFresh: boolean;
}

/** A report of a job to its key at the end of a handler. */
export interface ReportMessage {
  /** Epoch ms by the clock of the job's worker; the key uses no clock of its own. */
  readonly now: number;
  readonly events: readonly DeskEvent[];
  readonly creations?: ReportedCreations;
  /** A create was answered: from now on it is known what its reply says about the creations of the day. */
  readonly isCreateKnown?: boolean;
  readonly enter?: WaitingJob;
  /** The job that is no longer read. */
  readonly leave?: string;
}

/** Requests a place, or permission to send a create, from the key. */
export interface AskMessage {
  readonly jobId: string;
  readonly token: string;
  readonly may: 'start' | 'create';
  /** Its create follows at once. */
  readonly withCreate?: boolean;
  /** As in `ReportMessage`. */
  readonly now: number;
  readonly queue: QueueRank;
}

export type AskAnswer =
  /** `mayCreate`: its create needs no permission. `withCreate`: this handler may send it, and must report that it has ended. */
  | { readonly answer: 'granted'; readonly mayCreate: boolean; readonly withCreate?: boolean }
  /** A `DeliverMessage` follows. */
  | { readonly answer: 'later' }
  | { readonly answer: 'refused'; readonly failure: Failure };

/** The reader requests the changes of the list. */
export interface SyncMessage {
  /** The `seq` of the last answer; 0 for the whole list. */
  readonly after: number;
}

export interface SyncAnswer {
  readonly seq: number;
  /** The list is complete: jobs that are not listed are no longer read. */
  readonly isFull: boolean;
  readonly entered: readonly WaitingJob[];
  readonly left: readonly string[];
  /** That of the worker that answered, which is the current one. Absent from a worker of an older release. */
  readonly release?: string;
}

/** A limit of a key that is shut: the reply to one process said so, and it holds for all of them. Plain JSON. */
export interface ShutLimit {
  readonly endpoint: Endpoint;
  /** The remaining time when it was reported, in ms: a duration, because the clocks of two machines differ. */
  readonly forMs: number;
  /** Epoch ms of the report, by the wall clock of the machine that reported it. */
  readonly at: number;
}
