import type { UploadRecord } from '../../machines/job-context.js';
import { movedTo, type Position, statePathOf } from '../interpreter/position.js';

/** Files uploaded while others of the same job are still being uploaded, by handle. */
export type ArrivedUploads = ReadonlyMap<string, UploadRecord>;

/**
 * The position from which another process continues. A status read in flight is stored as waiting for its turn, so that a poll
 * without a change changes nothing here, and a restart of many jobs does not cause a burst of reads. A download is stored before
 * its URL is requested: the URL is a secret and is not stored (law 5, never leaked).
 */
export function restingPosition(position: Position, arrived: ArrivedUploads): Position {
  const { lifecycle, step } = statePathOf(position.value);
  const { context } = position;
  if (step === 'reading') return movedTo(lifecycle, 'awaitingTurn', context);
  if (lifecycle === 'downloading') {
    const interrupted = context.interrupted === 'saving' ? 'locating' : context.interrupted;
    const download = context.download && { ...context.download, url: '' };
    const resting = { ...context, interrupted, download };
    return movedTo(lifecycle, step === 'saving' ? 'locating' : step, resting);
  }
  if (step === 'uploading') return withArrived(position, arrived);
  return position;
}

/** Each uploaded file fills the first free entry with its name: the same file may be given twice. */
function withArrived(position: Position, arrived: ArrivedUploads): Position {
  if (arrived.size === 0) return position;
  const { context } = position;
  const left = new Map(arrived);
  const uploads = context.uploads.map((upload, index) => {
    const handle = context.files[index]?.handle ?? '';
    const found = upload ?? left.get(handle) ?? null;
    if (found !== upload) left.delete(handle);
    return found;
  });
  return { ...position, context: { ...context, uploads } };
}
