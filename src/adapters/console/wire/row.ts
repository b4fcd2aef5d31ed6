import type { JobView } from '../../../engine/job/source/job-view.js';
import type { JobDriver } from '../../../engine/job/source/lane-source.js';
import type { LaneBudget } from '../../../engine/lane/goal-lane.js';
import type { RequestReport } from '../../../services/http/exchange.js';

/** A job as the page receives it. Times are epoch ms. */
export interface JobRow {
  readonly id: string;
  readonly view: JobView;
  readonly createdAt: number;
  readonly changedAt: number;
  /** Only shown: this server neither drives nor controls it. */
  readonly isStored?: true;
  /** The other process that drives the job. */
  readonly driver?: JobDriver;
  /** Uploads of this server that are the job's files, while they are kept. */
  readonly uploads?: readonly UploadedFile[];
}

export interface UploadedFile {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
}

/** What the page needs to know about the server. */
export interface About {
  readonly version: string;
  /** Changes with each start of the server. */
  readonly boot: string;
  readonly isDemo: boolean;
  /** The host name of the API. */
  readonly apiHost: string;
  readonly store: string;
  readonly outDir: string;
  readonly maxUploadBytes: number;
  readonly maxFiles: number;
}

export type Limits = LaneBudget;

/** One exchange with the API. No body, no query, no key. */
export interface RequestEntry extends RequestReport {
  readonly seq: number;
  /** Epoch ms when the response was received. */
  readonly at: number;
}

/** An answer that was sent through this server. */
export interface SentAnswer {
  readonly at: number;
  readonly slots: Readonly<Record<string, unknown>>;
}

/** Names the driver of a job, as the beginning of a sentence. */
export const driverInWords = ({ pid, machine }: JobDriver): string =>
  machine === undefined ? `Process ${pid} on this computer` : `Process ${pid} on ${machine}`;
