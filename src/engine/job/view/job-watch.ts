import { shiftTimes } from '../../../machines/context-times.js';
import { defined } from '../../../services/defined.js';
import { type Clock, wallOffsetOf, wallTimeOf } from '../../binding/clock.js';
import { statePathOf } from '../../interpreter/position.js';
import type { JobActor } from '../job-actor.js';
import type { JobHandleEvent } from '../job-handle.js';
import type { JobLogger } from '../job-logger.js';
import { brokenOutput } from '../job-outcome.js';
import type { JobQueuePlace, JobRetention, JobView, WaitReason } from '../source/job-view.js';
import { endedView } from './early-view.js';
import { shareUnchanged } from './share-unchanged.js';
import { ViewListeners } from './view-listeners.js';
import { type Observed, viewWith } from './view-of.js';
import { waitReasonOf } from './wait-of.js';

/** What a lane knows about its jobs: their positions in the queue. */
export interface Surroundings {
  queuePlace?(jobId: string): JobQueuePlace | undefined;
  /** Calls back when that may have changed. Returns a function that unsubscribes. */
  onChange?(jobId: string, listener: () => void): () => void;
}

export interface JobWatchOptions {
  readonly clock: Clock;
  readonly logger?: JobLogger | undefined;
  readonly surroundings?: Surroundings | undefined;
  /** What is stored with the job: until when the server keeps its data. */
  readonly kept?: { readonly retention: JobRetention } | undefined;
  /** Epoch ms of the wall clock at which a restored job entered its state. */
  readonly since?: number | undefined;
}

/** Data of a transfer that the machine's context does not contain. */
interface Transfer {
  readonly sent: ReadonlyMap<string, number>;
  readonly received?: Observed['received'];
}

type JobSnapshot = ReturnType<JobActor['getSnapshot']>;

/**
 * Records what a snapshot does not contain, builds the view of a job on demand, and notifies listeners of each change. Without
 * listeners a change costs almost nothing: a lane has one of these for each of ten thousand jobs.
 */
export class JobWatch {
  /** Epoch ms of the wall clock at which a job ended whose machine takes the step to its end later. */
  endedAt: number | undefined;
  readonly #actor: JobActor;
  readonly #options: JobWatchOptions;
  #seen: JobSnapshot | undefined;
  #lifecycle = '';
  #reason: WaitReason | undefined;
  #since: number | undefined;
  #waitSince: number | undefined;
  #completedAt: number | undefined;
  #transfer: Transfer | undefined;
  /** The inputs of the last view, and the view. */
  #of: readonly unknown[] = [];
  #view: JobView | undefined;
  #notified: JobView | undefined;
  #listeners: ViewListeners<JobView> | undefined;
  #stop: (() => void) | undefined;

  constructor(actor: JobActor, options: JobWatchOptions) {
    this.#actor = actor;
    this.#options = options;
    this.#since = options.since;
    this.#waitSince = options.since;
  }

  view(): JobView {
    const snapshot = this.#actor.getSnapshot();
    this.#see(snapshot);
    const { clock, surroundings, kept } = this.#options;
    const offset = wallOffsetOf(clock);
    const queue = this.#reason === 'place' ? surroundings?.queuePlace?.(this.#actor.id) : undefined;
    const retention = kept?.retention;
    const parts = [snapshot, offset, queue?.place, queue?.of, retention, this.#transfer];
    if (this.#view !== undefined && parts.every((part, index) => part === this.#of[index])) return this.#view;
    this.#of = parts;
    const { value, tags, context } = snapshot;
    const observed = defined({
      queue,
      retention,
      since: this.#since,
      waitSince: this.#waitSince,
      completedAt: this.#completedAt,
      ...this.#transfer,
    });
    const view = viewWith({ value, tags, context: shiftTimes(context, offset) }, observed);
    const isBroken = snapshot.status === 'error' || snapshot.status === 'stopped';
    const shown = isBroken ? endedView(view, brokenOutput(this.#actor), wallTimeOf(clock)) : view;
    this.#view = shareUnchanged(this.#view, shown);
    return this.#view;
  }

  subscribe(listener: (view: JobView) => void): () => void {
    const { logger, surroundings } = this.#options;
    this.#listeners ??= new ViewListeners(logger, this.#actor.id);
    if (this.#listeners.isEmpty) {
      this.#notified = this.view();
      this.#stop = surroundings?.onChange?.(this.#actor.id, () => this.notify());
    }
    const end = this.#listeners.add(listener);
    return () => {
      end();
      if (!this.#listeners?.isEmpty) return;
      this.#stop?.();
      this.#stop = undefined;
    };
  }

  /** Records a step of the machine and notifies listeners. */
  changed(): void {
    this.#see(this.#actor.getSnapshot());
    this.notify();
  }

  /** Records events whose data no snapshot contains. */
  record(event: JobHandleEvent): void {
    if (event.type === 'uploadProgress') {
      const { handle, sentBytes } = event.progress;
      this.#transfer = { sent: new Map(this.#transfer?.sent).set(handle, sentBytes) };
    } else if (event.type === 'downloadProgress') {
      this.#transfer = { sent: new Map(), received: event.progress };
    } else return;
    this.notify();
  }

  notify(): void {
    if (this.#listeners === undefined || this.#listeners.isEmpty) return;
    const view = this.view();
    if (view === this.#notified) return;
    this.#notified = view;
    this.#listeners.notify(view);
  }

  #see(snapshot: JobSnapshot): void {
    if (snapshot === this.#seen) return;
    const isFirst = this.#seen === undefined;
    this.#seen = snapshot;
    const { lifecycle, step } = statePathOf(snapshot.value);
    const reason = waitReasonOf(snapshot.value);
    const now = this.endedAt ?? wallTimeOf(this.#options.clock);
    if (lifecycle !== this.#lifecycle && !(isFirst && this.#since !== undefined)) this.#since = now;
    if (reason !== this.#reason && !(isFirst && this.#waitSince !== undefined)) this.#waitSince = now;
    if (lifecycle === 'downloading') this.#completedAt ??= now;
    this.#lifecycle = lifecycle;
    this.#reason = reason;
    // After the transfer, the context contains the data.
    if (step !== 'uploading' && step !== 'saving') this.#transfer = undefined;
  }
}
