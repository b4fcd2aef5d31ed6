import type { AxiosAdapter } from 'axios';

/** Where a peer's requests go. */
export interface PeerWorld {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly adapter: AxiosAdapter;
}

/** A job to run; its file is uploaded already, for every contender. */
export interface Order {
  readonly workflowId: string;
  readonly fileId: string;
}

/** Creates, confirms, polls every 2 s and resolves with the URL of the result; rejects where the peer's own code gives up. */
export type RunOrder = (order: Order) => Promise<string>;

export interface Peer {
  readonly name: string;
  connect(world: PeerWorld): RunOrder;
}

/** The interval of the reference (Step 6). */
export const POLL_MS = 2_000;

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export interface JobBody {
  readonly jobSpecId: string;
  readonly itemVersion: number;
}

export interface StatusBody {
  readonly status: string;
  readonly error?: string;
}

export interface DownloadBody {
  readonly url: string;
}
