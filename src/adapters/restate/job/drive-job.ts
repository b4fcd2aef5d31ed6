import { beginJob, rearmJob, stepJob } from '../../../engine/interpreter/interpret.js';
import type { OpenCall, Step, Stimulus } from '../../../engine/interpreter/interpreted-job.js';
import { statePath } from '../../../engine/job/view/view-of.js';
import type { DeskEvent } from '../../../engine/lane/starts/desk-events.js';
import type { JobInput } from '../../../machines/job-input.js';
import type { Reply } from '../../../machines/reply.js';
import type { Failure } from '../../../services/failure.js';
import type { StatusReading } from '../../../services/wire/wire-types.js';
import type { ReportedCreations } from '../key/reported-creations.js';
import type { WaitingJob } from '../messages.js';
import { type EventLog, logged, loggedMove } from './event-log.js';
import type { FleetTrace, FleetTraces } from './fleet-traces.js';
import { inTimeOf } from './other-clock.js';
import type { StoredJob } from './stored-record.js';

/** The working state of a handler while it drives a job: stored, and reported to the key, at its end. */
export interface Drive {
  readonly id: string;
  stored: StoredJob;
  log: EventLog;
  /** Epoch ms of the last reply: journaled, so that it is the same in a replay. */
  now: number;
  /** The reading that came with a turn, for the `getStatus` that follows. */
  ahead: Reply<StatusReading> | undefined;
  /** Events for the key, sent in one message at the end. */
  readonly events: DeskEvent[];
  creations: ReportedCreations | undefined;
  isCreateKnown: boolean;
  /**
   * The call under which the key lets this handler send a create. Law 1, never twice: it is not stored, because the create is armed
   * and sent in one handler.
   */
  permit: string | undefined;
  /** The process that has armed the create that follows, if that is already in the journal. */
  armedBy: string | undefined;
  enter: WaitingJob | undefined;
  /** A confirm was accepted in this handler: the job begins to execute. */
  wasConfirmed: boolean;
  readonly trace: FleetTrace;
  /** It waited in the key's list when the handler began. */
  wasWaiting: boolean;
}

/** The inputs of a new drive. */
interface Begun {
  readonly id: string;
  readonly stored: StoredJob;
  readonly log: EventLog;
  readonly now: number;
  readonly traceparent?: string | undefined;
}

/** A call that the reader of the key answers: while it is open, the job is in the key's list. */
export const isRead = ({ src }: OpenCall): boolean => src === 'pollTurn' || src === 'getStatus';

/** The working state at the beginning of a handler. */
export function newDrive(traces: FleetTraces, { id, stored, log, now, traceparent }: Begun): Drive {
  const { open } = stored.job;
  return {
    id,
    stored,
    trace: traces.of({ id, traceparent, createdAt: stored.createdAt }),
    log,
    now,
    ahead: undefined,
    events: [],
    creations: undefined,
    isCreateKnown: false,
    permit: undefined,
    armedBy: undefined,
    enter: undefined,
    wasConfirmed: false,
    wasWaiting: open.some(isRead),
  };
}

/** The replies to consecutive calls, in order. */
export type Answers = readonly { readonly token: string; readonly reply: Reply<unknown> }[];

/**
 * Makes a call that the chart has started, and maybe those that follow from its reply; returns no replies if they come in their
 * own messages.
 */
export type MakeCall = (drive: Drive, call: OpenCall) => Promise<Answers>;

export interface DriveHandlers {
  readonly make: MakeCall;
  /** Stops a call whose reply is no longer needed. */
  readonly stop: (drive: Drive, call: OpenCall) => void;
  /** Epoch ms, journaled. */
  readonly now: () => Promise<number>;
  /** The time comes with the first replies. */
  readonly reportsTime: (calls: readonly OpenCall[]) => boolean;
}

/** A chart that threw has parked the job; law 7, never disowned decides how it ends. */
export const parkedFailure = ({ stored }: Drive): Failure | undefined =>
  stored.job.status === 'error' ? stored.job.failure : undefined;

function take(drive: Drive, step: Step, { stop }: DriveHandlers): readonly OpenCall[] {
  drive.stored = { ...drive.stored, job: step.job };
  const { now } = drive;
  for (const event of step.emitted) {
    drive.log = logged(drive.log, event, now);
    drive.trace.heard({ ...event, at: now });
  }
  drive.log = loggedMove(drive.log, statePath(step.job.value), now);
  drive.trace.moved(step.job, now);
  for (const call of step.stopped) {
    if (isRead(call)) drive.enter = undefined;
    stop(drive, call);
  }
  return step.started;
}

/**
 * The chart uses the time of a reply's clock. If another process makes the later calls of a handler, its clock may be behind that
 * of the first, and a wait that begins now would last until the first one's time.
 */
export function takeTime(drive: Drive, at: number): void {
  const { now, stored } = drive;
  if (at < now) {
    const context = inTimeOf(stored.job.context, now, at);
    drive.stored = { ...stored, job: { ...stored.job, context } };
  }
  drive.now = at;
}

/** Makes calls as long as their replies are immediate. */
async function follow(drive: Drive, first: readonly OpenCall[], handlers: DriveHandlers): Promise<void> {
  const toMake = [...first];
  for (let call = toMake.shift(); call !== undefined; call = toMake.shift()) {
    // The state that needs the call may have been left, or its reply came with another one's.
    const isOpen = drive.stored.job.open.some(({ token }) => token === call?.token);
    if (!isOpen) continue;
    for (const { token, reply } of await handlers.make(drive, call)) {
      takeTime(drive, reply.at);
      if (drive.stored.createdAt === 0) drive.stored = { ...drive.stored, createdAt: Math.round(reply.at) };
      toMake.push(...take(drive, stepJob(drive.stored.job, { type: 'reply', token, reply }), handlers));
    }
  }
}

/** Starts a job: its first step, and everything that follows immediately. */
export async function beginDrive(drive: Drive, input: JobInput, handlers: DriveHandlers): Promise<void> {
  const step = beginJob(input);
  if (step.emitted.length > 0 || !handlers.reportsTime(step.started)) {
    drive.now = await handlers.now();
    drive.stored = { ...drive.stored, createdAt: Math.round(drive.now) };
  }
  await follow(drive, take(drive, step, handlers), handlers);
}

/** Applies a stimulus to a job, and everything that follows immediately. */
export async function driveOn(drive: Drive, stimulus: Stimulus, handlers: DriveHandlers): Promise<void> {
  await follow(drive, take(drive, stepJob(drive.stored.job, stimulus), handlers), handlers);
}

/** Adapts a job to this release's chart: after an upgrade, calls may be missing or no longer needed. */
export async function fitDrive(drive: Drive, handlers: DriveHandlers): Promise<void> {
  const step = rearmJob(drive.stored.job);
  if (step.started.length === 0 && step.stopped.length === 0) return;
  await follow(drive, take(drive, step, handlers), handlers);
}
