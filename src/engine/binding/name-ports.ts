import type { JobPorts, PortOptions } from '../../machines/ports.js';
import { valueShown } from '../../machines/question/slot-value.js';
import type { Failure } from '../../services/failure.js';
import type { Logger } from '../../services/logger.js';
import { asFailure, failureIn, stackOf } from './as-failure.js';
import { type AnyPort, eachPort, PORTS } from './each-port.js';
import type { PortsLayer } from './ports-layer.js';

/** Converts an error of a host's function. If it is not a failure, the message names the function and the stack is logged. */
export function hostFailure(error: unknown, by: string, jobId: string, logger: Logger | undefined): Failure {
  const failure = asFailure(error, by);
  if (failureIn(error) === undefined && failure.kind === 'internal')
    logger?.error({ job: jobId, function: by, stack: stackOf(error) }, `${by} threw`);
  return failure;
}

/** What a port resolves with, as far as the machine reads it at once. */
const RESULTS: Readonly<Partial<Record<keyof JobPorts, 'a list' | 'an object'>>> = {
  loadCatalog: 'a list',
  inspectFiles: 'a list',
  uploadFile: 'an object',
  createJob: 'an object',
  getJob: 'an object',
  fillSlots: 'an object',
  confirmJob: 'an object',
  getStatus: 'an object',
  getDownload: 'an object',
};

function isExpected(result: unknown, expected: 'a list' | 'an object' | undefined): boolean {
  if (expected === 'a list') return Array.isArray(result);
  return expected === undefined || (typeof result === 'object' && result !== null);
}

/** A function of the host that forgets to return is its fault, not the machine's; what it has sent is unknown. */
const resultFailure = (name: keyof JobPorts, result: unknown): Failure => ({
  kind: 'internal',
  message: `the port ${name} resolved with ${valueShown(result)} instead of ${RESULTS[name]}`,
  advice: 'A function of the host does not return what its type promises; fix it.',
  delivery: 'unknown',
});

/** Not a suspended function of its own, which would take half a kilobyte of each job that waits in a port. */
const unsuspended =
  (call: AnyPort, named: (error: unknown, options: PortOptions) => Failure): AnyPort =>
  (input, options) => {
    try {
      return Promise.resolve(call(input, options)).catch((error: unknown) => {
        throw named(error, options);
      });
    } catch (error) {
      return Promise.reject(named(error, options));
    }
  };

/** A layer that adds the name of the port to an error thrown by a function of the host. Failures pass unchanged. */
export const namePorts =
  (logger: Logger | undefined): PortsLayer =>
  (ports) =>
    eachPort(ports, PORTS, (call, name) => {
      const named = (error: unknown, { jobId }: PortOptions): Failure =>
        hostFailure(error, `the port ${name}`, jobId, logger);
      if (RESULTS[name] === undefined) return unsuspended(call, named);
      return async (input, options) => {
        try {
          const result = await call(input, options);
          if (isExpected(result, RESULTS[name])) return result;
          const failure = resultFailure(name, result);
          logger?.error({ job: options.jobId, function: `the port ${name}` }, failure.message);
          throw failure;
        } catch (error) {
          throw named(error, options);
        }
      };
    });
