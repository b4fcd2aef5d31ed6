import { type AnyActorRef, fromPromise } from 'xstate';
import { UNKNOWN_ADVICE } from '../../machines/failure/create-outcome.js';
import { type GoalJobMachine, goalJobMachine } from '../../machines/goal-job-machine.js';
import type { PendingUpload, UploadOutcome } from '../../machines/job-actors.js';
import type { JobSignal } from '../../machines/job-events.js';
import type { JobPorts, Port } from '../../machines/ports.js';
import type { Reply } from '../../machines/reply.js';
import type { Failure } from '../../services/failure.js';
import type { Job } from '../../services/wire/wire-types.js';
import { asFailure } from '../binding/as-failure.js';
import { systemClock } from '../binding/clock.js';
import { freshId } from '../binding/fresh-id.js';
import { hostFailure, namePorts } from '../binding/name-ports.js';
import { bindReads } from './bind-reads.js';
import { type Bound, jobOf, portOptions, reply, type TrackedBindOptions, track } from './bound.js';
import { skipEndlessWaits } from './skip-endless-waits.js';

const bind = <Input, Output>(bound: Bound, port: Port<Input, Output>) =>
  fromPromise<Reply<Output>, Input>(({ input, signal, self }) =>
    reply(bound, self, () => port(input, portOptions(self, signal))),
  );

const bindEffect = <Input, Output>(bound: Bound, call: string, port: Port<Input, Output>) =>
  fromPromise<Reply<Output>, Input>(({ input, signal, self }) =>
    reply(bound, self, async () => {
      await beforeEffect(bound, self, call, signal);
      return port(input, portOptions(self, signal));
    }),
  );

/** What goes wrong before a request leaves cannot have been acted upon (law 1). */
async function beforeEffect(
  bound: Bound,
  self: AnyActorRef,
  call: string,
  signal: AbortSignal,
): Promise<void> {
  if (bound.beforeEffect === undefined) return;
  // The actor starts while its parent is still in transition: one turn later the parent's snapshot is the new one.
  await Promise.resolve();
  try {
    await bound.beforeEffect(jobOf(self), call);
    // The job was let go meanwhile: what has not left yet does not leave any more.
    signal.throwIfAborted();
  } catch (error) {
    // Whatever it was, it was in the way before anything was sent.
    const failure = hostFailure(error, 'beforeEffect', jobOf(self).id, bound.logger);
    throw { ...failure, delivery: 'not-sent' } satisfies Failure;
  }
}

const refusedTicket: Failure = {
  kind: 'outcome-unknown',
  message: 'this create was armed by a process that is gone; its reply, if there was one, is lost',
  advice: UNKNOWN_ADVICE,
  delivery: 'unknown',
};

/** A port of the host's own may answer anything: without its id, the job that was created cannot be gone on with. */
function checkCreated(job: Job): Job {
  const isJob: boolean =
    typeof job === 'object' && job !== null && typeof job.jobSpecId === 'string' && job.jobSpecId !== '';
  if (isJob) return job;
  throw {
    kind: 'bad-response',
    message: 'createJob answered, but not with a job that has an id',
    advice: UNKNOWN_ADVICE,
    delivery: 'unknown',
  } satisfies Failure;
}

/** Law 1: a ticket is good for one create in the process that issued it, so a restored create is refused, not repeated. */
function bindCreate(bound: Bound, createJob: JobPorts['createJob']) {
  const tickets = new Set<string>();
  const issueTicket = fromPromise<Reply<string>, Record<never, never>>(({ self }) =>
    reply(bound, self, async () => {
      const ticket = freshId();
      tickets.add(ticket);
      return ticket;
    }),
  );
  type Input = { readonly ticket: string; readonly workflowId: string; readonly fileIds: readonly string[] };
  const create = fromPromise<Reply<Job>, Input>(({ input, signal, self }) =>
    reply(bound, self, async () => {
      const { ticket, ...request } = input;
      if (!tickets.delete(ticket)) throw refusedTicket;
      await beforeEffect(bound, self, 'createJob', signal);
      return checkCreated(await createJob(request, portOptions(self, signal)));
    }),
  );
  return { issueTicket, createJob: create };
}

type Outcome = { readonly arrived: UploadOutcome } | { readonly failure: Failure };

function bindUploads(bound: Bound, ports: JobPorts) {
  type Input = { readonly files: readonly PendingUpload[] };
  type Uploaded = Reply<readonly UploadOutcome[]>;
  return fromPromise<Uploaded, Input>(({ input, signal, self }) => {
    const job = jobOf(self);
    const tell = (event: JobSignal): void => {
      if (!signal.aborted) job.send(event);
    };
    const uploadOne = async ({ index, file }: PendingUpload): Promise<Outcome> => {
      const onProgress = (progress: { handle: string; sentBytes: number; totalBytes: number }): void =>
        tell({ type: 'UPLOAD_PROGRESS', progress });
      try {
        const { fileId } = await ports.uploadFile({ file }, { ...portOptions(self, signal), onProgress });
        return { arrived: { index, fileId } };
      } catch (error) {
        return { failure: asFailure(error) };
      }
    };
    const work = uploadAll(bound, self, signal, input.files, uploadOne).then((outcomes) =>
      summarise(bound, outcomes),
    );
    return track(bound, self, work);
  });
}

async function uploadAll(
  bound: Bound,
  self: AnyActorRef,
  signal: AbortSignal,
  files: readonly PendingUpload[],
  uploadOne: (file: PendingUpload) => Promise<Outcome>,
): Promise<readonly Outcome[]> {
  try {
    await beforeEffect(bound, self, 'uploadFile', signal);
  } catch (error) {
    return [{ failure: asFailure(error) }];
  }
  return inParallel(files, bound.uploadsAtOnce ?? 4, uploadOne);
}

function summarise(bound: Bound, outcomes: readonly Outcome[]): Reply<readonly UploadOutcome[]> {
  const arrived = outcomes.flatMap((outcome) => ('arrived' in outcome ? [outcome.arrived] : []));
  const failure = outcomes.flatMap((outcome) => ('failure' in outcome ? [outcome.failure] : []))[0];
  const at = bound.clock.now();
  if (failure === undefined) return { ok: true, value: arrived, at };
  return { ok: false, failure, at, roll: bound.random(), partial: arrived };
}

/** Stops handing out work after the first failure: what follows would most likely meet the same fate. */
async function inParallel<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Outcome>,
): Promise<Outcome[]> {
  const queue = [...items];
  const outcomes: Outcome[] = [];
  const worker = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      const outcome = await work(item);
      outcomes.push(outcome);
      if ('failure' in outcome) queue.length = 0;
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  return outcomes;
}

function bindSave(bound: Bound, saveResult: JobPorts['saveResult']) {
  type Input = Parameters<JobPorts['saveResult']>[0];
  return fromPromise<Reply<Awaited<ReturnType<JobPorts['saveResult']>>>, Input>(({ input, signal, self }) => {
    const job = jobOf(self);
    return reply(bound, self, () =>
      saveResult(input, {
        ...portOptions(self, signal),
        onProgress: (progress) => {
          if (!signal.aborted) job.send({ type: 'DOWNLOAD_PROGRESS', progress });
        },
      }),
    );
  });
}

/**
 * `goalJobMachine` with every actor provided from plain async functions: pass it to `createActor`.
 * One bound machine can run any number of jobs. Source: the ports of `JobPorts`.
 */
export function bindPorts(given: JobPorts, options: TrackedBindOptions = {}): GoalJobMachine {
  const ports = namePorts(given, options.logger);
  const bound: Bound = {
    ...options,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
  };
  return goalJobMachine.provide({
    actors: {
      inspectFiles: bind(bound, ports.inspectFiles),
      loadCatalog: bind(bound, ports.loadCatalog),
      startTurn: bind(bound, ports.startTurn),
      uploadFiles: bindUploads(bound, ports),
      ...bindCreate(bound, ports.createJob),
      getJob: bind(bound, ports.getJob),
      fillSlots: bindEffect(bound, 'fillSlots', ports.fillSlots),
      confirmJob: bindEffect(bound, 'confirmJob', ports.confirmJob),
      ...bindReads(bound, ports),
      getDownload: bind(bound, ports.getDownload),
      saveResult: bindSave(bound, ports.saveResult),
      waitUntil: skipEndlessWaits(bind(bound, ports.waitUntil)),
    },
  });
}
