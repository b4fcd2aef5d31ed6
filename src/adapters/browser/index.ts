/** Runs jobs on Blobs, without Node. Not exported: how results are kept, which may change. */
export type { BlobFiles } from './blob-files.js';
export { type BrowserPorts, type BrowserPortsOptions, createBrowserPorts } from './create-browser-ports.js';
export {
  type BrowserJob,
  type BrowserJobOptions,
  type NewBlobJob,
  runBrowserJob,
} from './run-browser-job.js';
export type { BlobResult } from './save-as-blob.js';
