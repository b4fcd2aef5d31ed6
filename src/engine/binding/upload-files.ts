import type { PendingUpload, UploadOutcome } from '../../machines/job-actors.js';
import type { JobPorts } from '../../machines/ports.js';
import type { Reply } from '../../machines/reply.js';
import type { Failure } from '../../services/failure.js';
import type { Logger } from '../../services/logger.js';
import { asFailure } from './as-failure.js';
import { beforeEffect, type Call, type CallContext, portOptions } from './call-context.js';
import { repliedAt, type Stamps } from './settle.js';

export const DEFAULT_AT_ONCE = 4;

type Outcome = { readonly arrived: UploadOutcome } | { readonly failure: Failure };

export interface UploadingOptions extends Stamps {
  /** How many files of a job are uploaded in parallel. Default 4. */
  readonly uploadsAtOnce?: number | undefined;
  readonly logger?: Logger | undefined;
}

/** Uploads files in parallel. After a failure, the reply's `partial` lists those that were uploaded. */
export function uploadFilesCall(
  options: UploadingOptions,
  uploadFile: JobPorts['uploadFile'],
): Call<{ readonly files: readonly PendingUpload[] }, readonly UploadOutcome[]> {
  return async ({ files }, call) => {
    try {
      await beforeEffect(call, 'uploadFile', options.logger);
    } catch (error) {
      return summarise(options, [{ failure: asFailure(error) }]);
    }
    const atOnce = options.uploadsAtOnce ?? DEFAULT_AT_ONCE;
    return summarise(options, await inParallel(files, atOnce, (file) => uploadOne(uploadFile, file, call)));
  };
}

/** A file without an id cannot be used in a job. */
function checkUploaded(uploaded: { readonly fileId: string }): string {
  const { fileId } = uploaded;
  if (typeof fileId === 'string' && fileId !== '') return fileId;
  throw new TypeError('it answered without the id of a file');
}

async function uploadOne(
  uploadFile: JobPorts['uploadFile'],
  { index, file }: PendingUpload,
  call: CallContext,
): Promise<Outcome> {
  try {
    const uploaded = await uploadFile(
      { file },
      {
        ...portOptions(call),
        onProgress(progress) {
          if (!call.signal.aborted) call.report({ type: 'UPLOAD_PROGRESS', progress });
        },
      },
    );
    return { arrived: { index, fileId: checkUploaded(uploaded) } };
  } catch (error) {
    return { failure: asFailure(error, 'the port uploadFile') };
  }
}

function summarise(stamps: Stamps, outcomes: readonly Outcome[]): Reply<readonly UploadOutcome[]> {
  const arrived = outcomes.flatMap((outcome) => ('arrived' in outcome ? [outcome.arrived] : []));
  const failure = outcomes.flatMap((outcome) => ('failure' in outcome ? [outcome.failure] : []))[0];
  const at = repliedAt(stamps);
  if (failure === undefined) return { ok: true, value: arrived, at };
  return { ok: false, failure, at, random: stamps.random(), partial: arrived };
}

/** Starts no further work after the first failure: the rest would most likely fail too. */
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
