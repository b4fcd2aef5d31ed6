import type { JobPorts, PortOptions } from '../../machines/ports.js';
import type { Failure } from '../../services/failure.js';
import type { Logger } from '../../services/logger.js';
import { asFailure, failureIn, stackOf } from './as-failure.js';
import type { PortsLayer } from './ports-layer.js';

/** Converts an error of a host's function. If it is not a failure, the message names the function and the stack is logged. */
export function hostFailure(error: unknown, by: string, jobId: string, logger: Logger | undefined): Failure {
  const failure = asFailure(error, by);
  if (failureIn(error) === undefined && failure.kind === 'internal')
    logger?.error({ job: jobId, function: by, stack: stackOf(error) }, `${by} threw`);
  return failure;
}

/** A layer that adds the name of the port to an error thrown by a function of the host. Failures pass unchanged. */
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
    // Looked up when called, so that a missing port is reported like one that throws.
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
