import { resultName } from './content/result-name.js';
import { defined } from './defined.js';
import type { CallOptions, GoalClient } from './goal-client.js';

/** A result that is being fetched through this process: its URL stays here. */
export interface OpenedResult {
  /** Safe as a file name. */
  readonly name: string;
  /** Bytes in all, where storage says so. */
  readonly bytes?: number;
  /** Media type, lower case, without parameters. */
  readonly contentType?: string;
  /** Rejects with kind `network` when it breaks off or stalls. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Ends the transfer. Reading to the end does so too. */
  close(): void;
}

/**
 * Streams the result of a completed job with a pre-signed URL that is asked for anew (Step 8), as often as it is wanted while the server keeps
 * it. The URL reaches nobody.
 * @throws GoalLaneError of the call that failed: `InvalidTransitionError` or `NotFoundError` where there is no result (any more)
 */
export async function openResult(
  client: Pick<GoalClient, 'getDownload' | 'fetchResult'>,
  { jobSpecId }: { readonly jobSpecId: string },
  options: CallOptions = {},
): Promise<OpenedResult> {
  const { url, filename } = await client.getDownload({ jobSpecId }, options);
  const stream = await client.fetchResult({ url }, options);
  const { totalBytes, contentType, suggestedName, chunks } = stream;
  return {
    name: resultName({ jobSpecId, filename, suggestedName, url, contentType }),
    ...defined({ bytes: totalBytes, contentType }),
    chunks,
    close: () => stream.close(),
  };
}
