import { stepJob } from '../../../engine/interpreter/interpret.js';
import type { InterpretedJob, OpenCall } from '../../../engine/interpreter/interpreted-job.js';
import { jobFields } from '../../../engine/job/job-logger.js';
import type { FileFacts } from '../../../machines/ports.js';
import type { Reply } from '../../../machines/reply.js';
import type { Workflow } from '../../../services/wire/wire-types.js';
import type { WorkerCore } from '../worker-core.js';
import type { Answers } from './drive-job.js';
import type { StoredJob } from './stored-record.js';

/** The replies of consecutive calls, stored in one journal entry. */
export interface Chain {
  readonly answers: Answers;
  /** This process may send the create that follows. */
  readonly armedBy?: string;
  /** An upload that should be a separate call. */
  readonly tooLong?: OpenCall;
}

export interface ChainParts {
  readonly core: WorkerCore;
  readonly stored: StoredJob;
  readonly jobId: string;
  readonly attempt: AbortSignal;
}

/**
 * Files with a total of at most this many bytes are uploaded within the handler if that does not take long; larger ones in a
 * separate call.
 */
const SMALL_BYTES = 1024 * 1024;
/** Commands to the job wait for its handler, so limit its duration. */
const SOON_MS = 3_000;

const bytesOf = ({ input }: OpenCall): number => {
  // Boundary: the chart's own input of `uploadFiles`.
  const { files } = input as { readonly files: readonly { readonly file: FileFacts }[] };
  return files.reduce((sum, { file }) => sum + file.bytes, 0);
};

/** Calls that may be repeated if the journal does not have their replies, because they do not change a job on the server. */
export const isChained = (call: OpenCall): boolean =>
  call.src === 'inspectFiles' ||
  call.src === 'loadCatalog' ||
  (call.src === 'uploadFiles' && bytesOf(call) <= SMALL_BYTES);

async function answered(
  { core, stored, jobId, attempt }: ChainParts,
  call: OpenCall,
  job: InterpretedJob,
): Promise<Reply<unknown> | 'too long'> {
  const soon = AbortSignal.timeout(SOON_MS);
  const isUpload = call.src === 'uploadFiles';
  const signal = isUpload ? AbortSignal.any([attempt, soon]) : attempt;
  const about = { jobId, keyId: stored.keyId, call, fields: jobFields(job) };
  const reply = await core.make({ ...about, signal, report: () => undefined });
  return isUpload && !reply.ok && soon.aborted ? 'too long' : reply;
}

/** Of a catalog the one entry that the job is about is journaled, and all of it only where it has none. */
function asJournaled({ stored }: ChainParts, call: OpenCall, reply: Reply<unknown>): Reply<unknown> {
  if (call.src !== 'loadCatalog' || !reply.ok) return reply;
  // Boundary: the port's own answer.
  const catalog = reply.value as readonly Workflow[];
  const own = catalog.filter(({ specId }) => specId === stored.job.context.input.workflowId);
  return own.length === 0 ? reply : { ...reply, value: own };
}

/** Makes a call and those that follow from its reply, up to one that needs its own journal entry. */
export async function makeChain(parts: ChainParts, first: OpenCall): Promise<Chain> {
  const { core, jobId } = parts;
  const answers: { readonly token: string; readonly reply: Reply<unknown> }[] = [];
  let { job } = parts.stored;
  for (let call = first; ; ) {
    const { token, src } = call;
    const answer: Reply<unknown> | 'too long' =
      src === 'issueTicket'
        ? { ok: true, value: `${jobId}/${token}`, at: answers.at(-1)?.reply.at ?? core.now() }
        : await answered(parts, call, job);
    if (answer === 'too long') return { answers, tooLong: call };
    const reply = asJournaled(parts, call, answer);
    answers.push({ token, reply });
    const step = stepJob(job, { type: 'reply', token, reply });
    job = step.job;
    const [next, ...others] = step.started;
    if (next === undefined || others.length > 0) return { answers };
    if (next.src === 'createJob') return { answers, armedBy: core.processId };
    if (next.src !== 'issueTicket' && !isChained(next)) return { answers };
    call = next;
  }
}
