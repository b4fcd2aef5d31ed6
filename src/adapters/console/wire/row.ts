import type { JobView } from '../../../engine/job/source/job-view.js';
import type { JobDriver } from '../../../engine/job/source/lane-source.js';
import type { LaneBudget } from '../../../engine/lane/goal-lane.js';
import type { RequestReport } from '../../../services/http/exchange.js';

/** A job as the page hears of it. Times are epoch ms. */
export interface JobRow {
  readonly id: string;
  readonly view: JobView;
  readonly createdAt: number;
  readonly changedAt: number;
  /** Only shown: this server neither drives it nor can steer it. */
  readonly isStored?: true;
  /** The other process that drives it. */
  readonly driver?: JobDriver;
  /** Names of uploads of this server that are its files, while they are kept. */
  readonly uploads?: readonly UploadedFile[];
}

export interface UploadedFile {
  readonly id: string;
  readonly name: string;
  readonly bytes: number;
}

/** What the page must know of the server. */
export interface About {
  readonly version: string;
  /** Changes with each start of the server. */
  readonly boot: string;
  readonly isDemo: boolean;
  /** Where the API is: its host alone. */
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
  /** Epoch ms, when the reply was there. */
  readonly at: number;
}

/** An answer that was given through this server. */
export interface SentAnswer {
  readonly at: number;
  readonly slots: Readonly<Record<string, unknown>>;
}

/** Whose a job is, at the beginning of a sentence. */
export const driverInWords = ({ pid, machine }: JobDriver): string =>
  machine === undefined ? `Process ${pid} on this computer` : `Process ${pid} on ${machine}`;
