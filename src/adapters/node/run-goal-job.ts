import { wallOffsetOf } from '../../engine/binding/clock.js';
import {
  checkJobInput,
  type SingleJobHandle,
  type StartOptions,
  startGoalJob,
} from '../../engine/job/index.js';
import type { TypedHandle, TypedJobInput, WorkflowId } from '../../engine/job/typed/register.js';
import type { AttachInput, JobInput, NewJobInput } from '../../machines/job-input.js';
import type { OwnPorts } from '../../machines/ports.js';
import { COUNT, checkNumbers } from '../../services/check-numbers.js';
import { checkParts } from '../../services/check-parts.js';
import { defined } from '../../services/defined.js';
import { apiKeyOf } from '../../services/given-options.js';
import { redactingLogger } from '../../services/redaction/redacting-logger.js';
import { createRedactor } from '../../services/redaction/redactor.js';
import { refuseInput } from '../../services/refuse-input.js';
import { createNodeClient, type NodeClientOptions } from './create-node-client.js';
import { createNodePorts, DEFAULT_OUT_DIR } from './create-node-ports.js';

interface RunOptions
  extends Omit<StartOptions, 'ports' | 'input'>,
    Pick<
      NodeClientOptions,
      | 'apiKey'
      | 'baseUrl'
      | 'budget'
      | 'requestTimeoutMs'
      | 'stallTimeoutMs'
      | 'adapter'
      | 'fetch'
      | 'allowUrl'
      | 'onRequest'
      | 'trace'
    > {
  /** Folder for the result. Default `goal-lane-results` in the working directory. */
  readonly outDir?: string | undefined;
  /** Reads each file to compute its sha256 when it is inspected. Default false. */
  readonly hashFiles?: boolean | undefined;
  /** Ports that replace Node's own. */
  readonly ports?: OwnPorts | undefined;
}

/** How to reach the API, where to save the result, and either a new job or an existing one. */
export type RunGoalJobOptions = RunOptions & (NewJobInput | AttachInput);

const isNamed = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

function split(options: RunGoalJobOptions) {
  const { baseUrl, budget, requestTimeoutMs, stallTimeoutMs, adapter, fetch, allowUrl, ...rest } = options;
  const { apiKey: givenKey, onRequest, trace, ...others } = rest;
  const apiKey = apiKeyOf(givenKey);
  const { outDir, hashFiles, ports, clock, random, uploadsAtOnce, lookAhead, beforeEffect, ...more } = others;
  const { id, snapshot, logger: loud, inspect, telemetry, ...input } = more;
  const logger = loud && redactingLogger(loud, createRedactor([apiKey]));
  const limits = { budget, requestTimeoutMs, stallTimeoutMs };
  const heard = { logger, onRequest, onExchange: telemetry?.onExchange };
  const client = { apiKey, baseUrl, ...limits, adapter, fetch, allowUrl, ...heard, trace };
  const bind = { clock, random, uploadsAtOnce, lookAhead, beforeEffect };
  const start = { ...bind, id, snapshot, logger, inspect, telemetry };
  return { client, node: { outDir, hashFiles, clock }, ports, start, input };
}

/**
 * Runs one job in this Node process: from files on disk to a verified result on disk, or starting from an existing job. Throws
 * `InvalidInputError` for an invalid key, base URL or input before anything is sent; everything later is in the handle's
 * `result()`. Its connections are closed when the job has ended.
 * @throws InvalidInputError
 *
 * @example
 * ```ts
 * import { runGoalJob } from 'goal-lane';
 *
 * const job = runGoalJob({
 *   workflowId: 'goal_lane.cover_letter',
 *   files: ['resume.pdf', 'job-description.pdf'],
 *   outDir: 'results',
 * });
 * job.on('inputNeeded', ({ request }) => job.submitSlots({ [request.missing[0] ?? '']: 'professional' }));
 * const outcome = await job.result(); // never rejects
 * if (outcome.status === 'completed') console.log(outcome.saved?.file, outcome.saved?.sha256);
 * else console.error(outcome.failure?.message, outcome.failure?.advice);
 * ```
 */
export function runGoalJob<
  const Id extends WorkflowId = WorkflowId,
  const Files extends readonly string[] = readonly string[],
>(options: RunOptions & (TypedJobInput<Id, Files> | AttachInput)): TypedHandle<SingleJobHandle, Id>;
export function runGoalJob(options: RunGoalJobOptions): SingleJobHandle {
  checkParts(options);
  const { client: clientOptions, node, ports, start, input } = split(options);
  checkJobInput(input);
  checkNumbers(start, { uploadsAtOnce: COUNT });
  if (node.outDir !== undefined && !isNamed(node.outDir))
    refuseInput(['outDir is not a path'], 'Name a folder, or leave it out.');
  const { clock } = start;
  const time = clock === undefined ? {} : { now: clock.now, wallOffset: () => wallOffsetOf(clock) };
  const client = createNodeClient({ ...defined(clientOptions), ...time });
  const nodePorts = createNodePorts({ ...defined(node), client, outDir: node.outDir ?? DEFAULT_OUT_DIR });
  // Boundary: TypeScript does not see that the rest of the union is a JobInput again.
  const jobInput = input as JobInput;
  const handle = startGoalJob({
    ...defined(start),
    ports: { ...nodePorts, ...defined(ports ?? {}) },
    input: jobInput,
  });
  void handle.result().then(client.close);
  return handle;
}
