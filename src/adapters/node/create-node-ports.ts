import { countWork } from '../../engine/binding/count-work-layer.js';
import { layered } from '../../engine/binding/ports-layer.js';
import { type Clock, timePorts } from '../../engine/job/index.js';
import type { JobPorts } from '../../machines/ports.js';
import type { GoalClient } from '../../services/goal-client.js';
import { type OutDir, saveResult } from './results/save-result.js';
import { inspectFiles } from './uploads/inspect-files.js';
import { openDiskFile } from './uploads/open-disk-file.js';

/** Default folder for results. */
export const DEFAULT_OUT_DIR = 'goal-lane-results';

export interface NodePortsOptions {
  readonly client: GoalClient;
  /** Folder for results; nothing is written outside it. */
  readonly outDir: OutDir;
  /** For waits. Default: the system clock. */
  readonly clock?: Clock | undefined;
  /** Reads each file to compute its sha256 when it is inspected. Default false. */
  readonly hashFiles?: boolean | undefined;
}

/** The ports of a Node process: the client's calls, files on disk, and time. */
export function createNodePorts({ client, outDir, clock, hashFiles = false }: NodePortsOptions): JobPorts {
  const ports: JobPorts = {
    loadCatalog: client.loadCatalog,
    inspectFiles: inspectFiles({ hashFiles }),
    uploadFile: ({ file }, options) => client.uploadFile({ file, open: openDiskFile }, options),
    createJob: client.createJob,
    getJob: client.getJob,
    fillSlots: client.fillSlots,
    confirmJob: client.confirmJob,
    getStatus: client.getStatus,
    getDownload: client.getDownload,
    saveResult: saveResult({ client, outDir }),
    ...timePorts(clock),
  };
  return layered(ports, countWork(clock));
}
