import type { JobOutput } from '../../../machines/job-output.js';
import type { Failure } from '../../../services/failure.js';
import type { JobHandleEvent } from '../job-handle.js';
import type { JobView } from '../source/job-view.js';
import { lastPart } from './file-views.js';

const URLS = /\bhttps?:\/\/[^\s"'<>]+/g;
/** Matches the folders of a path, for any operating system. */
const FOLDERS =
  /(?:\b[A-Za-z]:|\\\\|~)?(?:[\\/][^\\/\s"':;,<>|]+)+[\\/](?=[^\\/\s"':;,<>|])|(?<=^|[\s"'(:])[\\/](?=[^\\/\s])/g;

const words = (text: string): string => text.replace(URLS, '(a URL)').replace(FOLDERS, '');

/** A failure without paths and URLs, for strangers. */
function publicFailure<Shown extends Failure>(failure: Shown, handles: readonly string[]): Shown {
  // Paths that contain spaces can only be found by their handle.
  const shown = (text: string): string =>
    words(handles.reduce((left, handle) => left.replaceAll(handle, lastPart(handle)), text));
  const isOfStorage = failure.speaker === 'storage';
  return {
    ...failure,
    message: shown(failure.message),
    ...(failure.path === undefined ? {} : { path: isOfStorage ? '/' : failure.path }),
    ...(failure.findings === undefined ? {} : { findings: failure.findings.map(shown) }),
  };
}

/** A view for strangers, such as a browser served by a server: without paths of this machine. Views never contain URLs. */
export function publicView(view: JobView): JobView {
  const handles = view.files.map(({ handle }) => handle);
  const { failure, result } = view;
  const shown = {
    ...view,
    files: view.files.map((file) => ({ ...file, handle: file.name })),
    ...(failure === undefined ? {} : { failure: publicFailure(failure, handles) }),
    ...(result?.file === undefined ? {} : { result: { ...result, file: lastPart(result.file) } }),
  };
  if (shown.needs !== 'decision') return shown;
  const { decision } = shown;
  return { ...shown, decision: { ...decision, failure: publicFailure(decision.failure, handles) } };
}

/** The same for an event. @param handles the job's files as in its input, so that they are found in the text of a failure */
export function publicEvent<Event extends JobHandleEvent>(
  event: Event,
  handles: readonly string[] = [],
): JobHandleEvent {
  const shown: JobHandleEvent = event;
  if (shown.type === 'uploadProgress')
    return { ...shown, progress: { ...shown.progress, handle: lastPart(shown.progress.handle) } };
  if (shown.type === 'completed' && shown.saved !== undefined)
    return { ...shown, saved: { ...shown.saved, file: lastPart(shown.saved.file) } };
  return 'failure' in shown ? { ...shown, failure: publicFailure(shown.failure, handles) } : shown;
}

/** The same for an output, also without the pre-signed URL. */
export function publicOutput(output: JobOutput, handles: readonly string[] = []): JobOutput {
  if (output.status === 'completed') {
    const { saved } = output;
    return {
      ...output,
      download: { ...output.download, url: '' },
      ...(saved === undefined ? {} : { saved: { ...saved, file: lastPart(saved.file) } }),
    };
  }
  return output.failure === undefined
    ? output
    : { ...output, failure: publicFailure(output.failure, handles) };
}
