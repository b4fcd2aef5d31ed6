import { wallOffsetOf } from '../../engine/binding/clock.js';
import {
  checkJobInput,
  type SingleJobHandle,
  type StartOptions,
  startGoalJob,
} from '../../engine/job/index.js';
import type { AttachInput, JobInput, JobOptions } from '../../machines/job-input.js';
import { checkParts } from '../../services/check-parts.js';
import type { GoalClientOptions } from '../../services/client-options.js';
import { createClient } from '../../services/create-client.js';
import { defined } from '../../services/defined.js';
import { apiKeyOf } from '../../services/given-options.js';
import { bothListeners } from '../../services/http/exchange.js';
import { redactingLogger } from '../../services/redaction/redacting-logger.js';
import { createRedactor } from '../../services/redaction/redactor.js';
import { refuseInput } from '../../services/refuse-input.js';
import type { BlobFiles } from './blob-files.js';
import { createBrowserPorts } from './create-browser-ports.js';
import type { BlobResult } from './save-as-blob.js';

/** A new job on Blobs: each is uploaded under its `File` name, or under its key. */
export interface NewBlobJob extends JobOptions {
  readonly workflowId: string;
  readonly files: BlobFiles;
}

export interface BrowserJobOptions extends Omit<StartOptions, 'ports' | 'input'> {
  /**
   * How to reach the API. A key in a browser is visible to its user: if that matters, put your own server in between. Default: by
   * the key and the base URL of the environment, where the process has one.
   */
  readonly client?: GoalClientOptions | undefined;
  readonly job: NewBlobJob | AttachInput;
}

export interface BrowserJob extends SingleJobHandle {
  /** The result once the job has completed; undefined with `delivery: 'link'`. */
  blob(): Promise<BlobResult | undefined>;
}

const isAttach = (job: NewBlobJob | AttachInput): job is AttachInput =>
  'jobSpecId' in job && job.jobSpecId !== undefined;

const isMap = (files: unknown): boolean =>
  typeof files === 'object' && files !== null && !Array.isArray(files);

function inputOf(job: NewBlobJob | AttachInput): { input: JobInput; files: BlobFiles } {
  if (!isMap(job) || (!isAttach(job) && !isMap(job.files)))
    refuseInput(['job.files is not an object of Blobs'], 'Pass files as an object: name → Blob.');
  if (isAttach(job)) return { input: job, files: {} };
  return { input: { ...job, files: Object.keys(job.files) }, files: job.files };
}

/** Runs one job in a browser or an edge runtime. Throws `InvalidInputError` for an invalid key, base URL or option. */
export function runBrowserJob({
  client: clientOptions = {},
  job,
  ...options
}: BrowserJobOptions): BrowserJob {
  const { input, files } = inputOf(job);
  checkJobInput(input);
  checkParts(options);
  const { clock } = options;
  const apiKey = apiKeyOf(clientOptions.apiKey);
  const redactor = createRedactor([apiKey]);
  const logger = options.logger && redactingLogger(options.logger, redactor);
  const now = clock === undefined ? {} : { now: clock.now, wallOffset: () => wallOffsetOf(clock) };
  const onExchange = bothListeners(options.telemetry?.onExchange, clientOptions.onExchange);
  const client = createClient({
    ...defined({ logger }),
    ...now,
    ...defined(clientOptions),
    ...defined({ onExchange }),
    apiKey,
  });
  const ports = createBrowserPorts({ client, files, ...(clock ? { clock } : {}) });
  const handle = startGoalJob({ ...options, ...(logger ? { logger } : {}), ports, input });
  const blob = handle
    .result()
    .then((output) =>
      output.status === 'completed' && output.saved ? ports.takeResult(output.saved.file) : undefined,
    );
  void handle.result().then(client.close);
  // The handle's methods are not own properties, so it is extended instead of copied.
  return Object.assign(handle, { blob: () => blob });
}
