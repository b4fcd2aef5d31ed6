import type { JobPorts, PortOptions } from '../../machines/ports.js';
import type { Failure } from '../../services/failure.js';
import type { Logger } from '../../services/logger.js';
import { asFailure, failureIn, stackOf } from './as-failure.js';
import type { PortsLayer } from './ports-layer.js';

/** What a host's function threw that is no failure: named, and its stack in the log. What it is already told as stays as it is. */
export function hostFailure(error: unknown, by: string, jobId: string, logger: Logger | undefined): Failure {
  const failure = asFailure(error, by);
  if (failureIn(error) === undefined && failure.kind === 'internal')
    logger?.error({ job: jobId, function: by, stack: stackOf(error) }, `${by} threw`);
  return failure;
}

/** The layer that names the port in an error which a host's own function threw; failures pass as they are. */
export const namePorts =
  (logger: Logger | undefined): PortsLayer =>
  (ports) => {
    const named =
      <Input, Output, Options extends PortOptions>(
        name: keyof JobPorts,
        call: (input: Input, options: Options) => Promise<Output>,
      ) =>
      async (input: Input, options: Options): Promise<Output> => {
        try {
          return await call(input, options);
        } catch (error) {
          throw hostFailure(error, `the port ${name}`, options.jobId, logger);
        }
      };
    // Each is looked up when it is called: what is missing is named like what throws.
    return {
      loadCatalog: named('loadCatalog', (input, options) => ports.loadCatalog(input, options)),
      inspectFiles: named('inspectFiles', (input, options) => ports.inspectFiles(input, options)),
      uploadFile: named('uploadFile', (input, options) => ports.uploadFile(input, options)),
      createJob: named('createJob', (input, options) => ports.createJob(input, options)),
      getJob: named('getJob', (input, options) => ports.getJob(input, options)),
      fillSlots: named('fillSlots', (input, options) => ports.fillSlots(input, options)),
      confirmJob: named('confirmJob', (input, options) => ports.confirmJob(input, options)),
      getStatus: named('getStatus', (input, options) => ports.getStatus(input, options)),
      getDownload: named('getDownload', (input, options) => ports.getDownload(input, options)),
      saveResult: named('saveResult', (input, options) => ports.saveResult(input, options)),
      startTurn: named('startTurn', (input, options) => ports.startTurn(input, options)),
      waitUntil: named('waitUntil', (input, options) => ports.waitUntil(input, options)),
      pollTurn: named('pollTurn', (input, options) => ports.pollTurn(input, options)),
    };
  };
