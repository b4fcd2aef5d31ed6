import { resultName } from './content/result-name.js';
import { defined } from './defined.js';
import type { CallOptions, GoalClient } from './goal-client.js';

/** A result that is downloaded through this process; its URL is not exposed. */
export interface OpenedResult {
  /** Safe as a file name. */
  readonly name: string;
  /** Total size, if storage states it. */
  readonly bytes?: number;
  /** Media type, lower case, without parameters. */
  readonly contentType?: string;
  /** Rejects with kind `network` if interrupted or stalled. */
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Ends the transfer. Reading to the end ends it too. */
  close(): void;
}

/**
 * Streams the result of a completed job with a pre-signed URL that is requested each time ("Step 8: Download Results"). It can be
 * repeated for as long as the server keeps the result. The URL is not exposed.
 * @throws GoalLaneError of the call that failed: `InvalidTransitionError` or `NotFoundError` if there is no result (any more)
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
