import type { JobView } from '../../../engine/job/source/job-view.js';

/** What may leave this machine of a view: names in the place of paths. */
export function publicView(view: JobView): JobView {
  const { result, files } = view;
  const { file: _, ...shown } = result ?? {};
  return {
    ...view,
    files: files.map((file) => ({ ...file, handle: file.name })),
    ...(result === undefined ? {} : { result: shown }),
  };
}
