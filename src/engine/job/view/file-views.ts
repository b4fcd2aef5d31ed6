import type { JobContext } from '../../../machines/job-context.js';
import { defined } from '../../../services/defined.js';
import type { JobFileView } from '../source/job-view.js';

/** The last part of a path, for any operating system. */
export const lastPart = (path: string): string => path.split(/[/\\]/).at(-1) || path;

/** @param sent bytes sent of a file, by its handle; the context does not contain them */
export function fileViews(context: JobContext, sent?: ReadonlyMap<string, number>): readonly JobFileView[] {
  const { files, uploads, input } = context;
  const facts = files.length > 0 ? files : (input.files ?? []).map((handle) => ({ handle }));
  return facts.map((file, index) => {
    const { handle } = file;
    const bytes = 'bytes' in file ? file.bytes : undefined;
    const isUploaded = (uploads[index] ?? null) !== null;
    const sentBytes = isUploaded ? (bytes ?? 0) : (sent?.get(handle) ?? 0);
    const state = isUploaded ? 'uploaded' : sentBytes > 0 ? 'uploading' : 'waiting';
    return {
      handle,
      name: 'name' in file ? file.name : lastPart(handle),
      ...defined({ bytes }),
      state,
      sentBytes,
    };
  });
}
