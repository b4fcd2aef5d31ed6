import { countWork } from '../../engine/binding/count-work-layer.js';
import { layered } from '../../engine/binding/ports-layer.js';
import { type Clock, timePorts } from '../../engine/job/index.js';
import type { JobPorts } from '../../machines/ports.js';
import type { GoalClient } from '../../services/goal-client.js';
import { type BlobFiles, blobFilePorts } from './blob-files.js';
import { type BlobResult, createBlobStore } from './save-as-blob.js';

export interface BrowserPortsOptions {
  readonly client: GoalClient;
  readonly files?: BlobFiles | undefined;
  /** For waits. Default: the platform's clock. */
  readonly clock?: Clock | undefined;
}

export interface BrowserPorts extends JobPorts {
  /** Returns the result for `SavedResult.file` once, and releases it. */
  takeResult(file: string): BlobResult | undefined;
}

/**
 * The ports of a browser or an edge runtime: files are Blobs, and so is the result. With `delivery: 'link'` in the job's input
 * nothing is downloaded; the output then contains the pre-signed URL.
 */
export function createBrowserPorts({ client, files = {}, clock }: BrowserPortsOptions): BrowserPorts {
  const { takeResult, saveResult } = createBlobStore(client);
  const ports: JobPorts = {
    loadCatalog: client.loadCatalog,
    ...blobFilePorts(client, files),
    createJob: client.createJob,
    getJob: client.getJob,
    fillSlots: client.fillSlots,
    confirmJob: client.confirmJob,
    getStatus: client.getStatus,
    getDownload: client.getDownload,
    saveResult,
    ...timePorts(clock),
  };
  return { ...layered(ports, countWork(clock)), takeResult };
}
