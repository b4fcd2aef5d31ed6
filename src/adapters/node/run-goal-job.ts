import { wallOffsetOf } from '../../engine/binding/clock.js';
import { checkJobInput, type JobHandle, type StartOptions, startGoalJob } from '../../engine/job/index.js';
import type { AttachInput, JobInput, NewJobInput } from '../../machines/job-input.js';
import type { JobPorts } from '../../machines/ports.js';
import type { GoalClientOptions } from '../../services/create-goal-client.js';
import { refuseInput } from '../../services/refuse-input.js';
import { createNodeClient } from './create-node-client.js';
import { createNodePorts } from './create-node-ports.js';

interface RunOptions
  extends Omit<StartOptions, 'ports' | 'input'>,
    Pick<
      GoalClientOptions,
      'apiKey' | 'baseUrl' | 'budget' | 'requestTimeoutMs' | 'stallTimeoutMs' | 'adapter'
    > {
  /** Folder for the result. Default `goal-lane-results` in the working directory. */
  readonly outDir?: string;
  /** Reads each file for its sha256 when it is inspected. Default false. */
  readonly hashFiles?: boolean;
  /** Ports in the place of Node's own. */
  readonly ports?: Partial<JobPorts>;
}

/** How to reach the API, where to put the result, and either a new job or one that exists. */
export type RunGoalJobOptions = RunOptions & (NewJobInput | AttachInput);

const DEFAULT_OUT_DIR = 'goal-lane-results';

const isNamed = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';

function split(options: RunGoalJobOptions) {
  const { apiKey, baseUrl, budget, requestTimeoutMs, stallTimeoutMs, adapter, ...others } = options;
  const { outDir, hashFiles, ports, clock, random, uploadsAtOnce, lookAhead, beforeEffect, ...more } = others;
  const { id, snapshot, logger, inspect, ...input } = more;
  const client = { apiKey, baseUrl, budget, requestTimeoutMs, stallTimeoutMs, adapter, logger };
  const start = { clock, random, uploadsAtOnce, lookAhead, beforeEffect, id, snapshot, logger, inspect };
  return { client, node: { outDir, hashFiles, clock }, ports, start, input };
}

type Present<Value> = { [Key in keyof Value]: Exclude<Value[Key], undefined> };

/** Options that were not given are left out, as `exactOptionalPropertyTypes` wants it. */
function given<Value extends object>(value: Value): Partial<Present<Value>> {
  // Object.fromEntries forgets the keys' names: this is the boundary where they are given back.
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Partial<
    Present<Value>
  >;
}

/**
 * Runs one job in this Node process: from files on disk to a verified result on disk, or from a job that exists already.
 * Throws `InvalidInputError` before anything is sent where key, base URL or input cannot be meant; whatever happens later is in the
 * handle's `result()`. Its connections are closed when the job has ended.
 * @throws InvalidInputError
 *
 * @example
 * ```ts
 * import { runGoalJob } from 'goal-lane';
 *
 * const job = runGoalJob({
 *   apiKey: process.env.CONVILYN_API_KEY ?? '',
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
export function runGoalJob(options: RunGoalJobOptions): JobHandle {
  const { client: clientOptions, node, ports, start, input } = split(options);
  checkJobInput(input);
  if (node.outDir !== undefined && !isNamed(node.outDir))
    refuseInput(['outDir is no path'], 'Name a folder, or leave it out.');
  const { clock } = start;
  const time = clock === undefined ? {} : { now: clock.now, wallOffset: () => wallOffsetOf(clock) };
  const client = createNodeClient({ ...given(clientOptions), ...time, apiKey: options.apiKey });
  const nodePorts = createNodePorts({ ...given(node), client, outDir: node.outDir ?? DEFAULT_OUT_DIR });
  // The rest of a union without its known members is the union's own input again.
  const jobInput = input as JobInput;
  const handle = startGoalJob({ ...given(start), ports: { ...nodePorts, ...ports }, input: jobInput });
  void handle.result().then(client.close);
  return handle;
}
