import type { PendingUpload, PollTurn, UploadOutcome } from '../../machines/job-actors.js';
import type { JobPorts, Port } from '../../machines/ports.js';
import { COUNT, checkNumbers } from '../../services/check-numbers.js';
import type { Logger } from '../../services/logger.js';
import type { Job } from '../../services/wire/wire-types.js';
import { beforeEffect, type Call, type CallContext, portOptions } from './call-context.js';
import { type CreateInput, createCalls } from './create-call.js';
import { type LookAhead, readAhead, type Turn, untilTurn } from './look-ahead.js';
import { namePorts } from './name-ports.js';
import { layered } from './ports-layer.js';
import { type Stamps, settle } from './settle.js';
import { uploadFilesCall } from './upload-files.js';

type PortInput<Name extends keyof JobPorts> = Parameters<JobPorts[Name]>[0];
type PortCall<Name extends keyof JobPorts> = Call<PortInput<Name>, Awaited<ReturnType<JobPorts[Name]>>>;

/**
 * Each actor of `goalJobMachine` as a plain call that returns a `Reply` and never rejects. Hosts without actors call them
 * directly.
 */
export interface JobCalls {
  readonly inspectFiles: PortCall<'inspectFiles'>;
  readonly loadCatalog: PortCall<'loadCatalog'>;
  readonly startTurn: PortCall<'startTurn'>;
  readonly uploadFiles: Call<{ readonly files: readonly PendingUpload[] }, readonly UploadOutcome[]>;
  readonly issueTicket: Call<Record<never, never>, string>;
  readonly createJob: Call<CreateInput, Job>;
  readonly getJob: PortCall<'getJob'>;
  readonly fillSlots: PortCall<'fillSlots'>;
  readonly confirmJob: PortCall<'confirmJob'>;
  readonly getStatus: PortCall<'getStatus'>;
  readonly getDownload: PortCall<'getDownload'>;
  readonly saveResult: PortCall<'saveResult'>;
  readonly waitUntil: PortCall<'waitUntil'>;
  readonly pollTurn: (input: PollTurn, call: CallContext) => Promise<Turn>;
}

export interface JobCallsOptions extends Stamps {
  readonly uploadsAtOnce?: number | undefined;
  /** False: a turn ends without a reading. Default true. */
  readonly lookAhead?: boolean | undefined;
  /** Receives errors thrown by functions of the host. */
  readonly logger?: Logger | undefined;
}

const read =
  <Input, Output>(stamps: Stamps, port: Port<Input, Output>): Call<Input, Output> =>
  (input, call) =>
    settle(stamps, () => port(input, portOptions(call)));

/** A call that changes something on the server. */
const effect =
  <Input, Output>(options: JobCallsOptions, name: string, port: Port<Input, Output>): Call<Input, Output> =>
  (input, call) =>
    settle(options, async () => {
      await beforeEffect(call, name, options.logger);
      return port(input, portOptions(call));
    });

const saving =
  (stamps: Stamps, saveResult: JobPorts['saveResult']): JobCalls['saveResult'] =>
  (input, call) =>
    settle(stamps, () =>
      saveResult(input, {
        ...portOptions(call),
        onProgress(progress) {
          if (!call.signal.aborted) call.report({ type: 'DOWNLOAD_PROGRESS', progress });
        },
      }),
    );

/** @param given the ports without the layer that names errors */
function turns(options: JobCallsOptions, given: JobPorts, ports: JobPorts): JobCalls['pollTurn'] {
  const host: LookAhead = { stamps: options, logger: options.logger, turns: given, reads: ports };
  const withoutReading = async (turn: PollTurn, call: CallContext): Promise<Turn> => ({
    reply: await settle(options, () => untilTurn(options, ports, turn, portOptions(call))),
  });
  return (turn, call) => {
    const { known } = turn;
    if (known === undefined || options.lookAhead === false) return withoutReading(turn, call);
    return readAhead(host, turn, known, portOptions(call));
  };
}

/**
 * Creates the calls of the machine from the ports of a host; one set serves any number of jobs.
 * @throws InvalidInputError for a number of uploads that cannot be meant: with none at once, no file would ever be uploaded
 */
export function createJobCalls(given: JobPorts, options: JobCallsOptions): JobCalls {
  checkNumbers(options, { uploadsAtOnce: COUNT });
  const ports = layered(given, namePorts(options.logger));
  return {
    inspectFiles: read(options, ports.inspectFiles),
    loadCatalog: read(options, ports.loadCatalog),
    startTurn: read(options, ports.startTurn),
    uploadFiles: uploadFilesCall(options, ports.uploadFile),
    ...createCalls(options, ports.createJob, options.logger),
    getJob: read(options, ports.getJob),
    fillSlots: effect(options, 'fillSlots', ports.fillSlots),
    confirmJob: effect(options, 'confirmJob', ports.confirmJob),
    getStatus: read(options, ports.getStatus),
    getDownload: read(options, ports.getDownload),
    saveResult: saving(options, ports.saveResult),
    waitUntil: read(options, ports.waitUntil),
    pollTurn: turns(options, given, ports),
  };
}
