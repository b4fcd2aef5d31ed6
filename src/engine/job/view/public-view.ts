import type { JobOutput } from '../../../machines/job-output.js';
import type { Failure } from '../../../services/failure.js';
import type { JobHandleEvent } from '../job-handle.js';
import type { JobView } from '../source/job-view.js';
import { lastPart } from './file-views.js';

const URLS = /\bhttps?:\/\/[^\s"'<>]+/g;
/** Folders of a path of any system, up to the last one. */
const FOLDERS =
  /(?:\b[A-Za-z]:|\\\\|~)?(?:[\\/][^\\/\s"':;,<>|]+)+[\\/](?=[^\\/\s"':;,<>|])|(?<=^|[\s"'(:])[\\/](?=[^\\/\s])/g;

const words = (text: string): string => text.replace(URLS, '(a URL)').replace(FOLDERS, '');

/** What a stranger may read of a failure: neither where files are nor behind which URL. */
function publicFailure<Told extends Failure>(failure: Told, handles: readonly string[]): Told {
  // Paths with spaces in them are known again by their handle alone.
  const told = (text: string): string =>
    words(handles.reduce((left, handle) => left.replaceAll(handle, lastPart(handle)), text));
  const isOfStorage = failure.speaker === 'storage';
  return {
    ...failure,
    message: told(failure.message),
    ...(failure.path === undefined ? {} : { path: isOfStorage ? '/' : failure.path }),
    ...(failure.findings === undefined ? {} : { findings: failure.findings.map(told) }),
  };
}

/** A view for strangers, such as a browser that a server tells: without paths of this machine. It holds no URL anyway. */
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

/** The same for an event. @param handles the job's files, as its input names them, so that they are known again in a failure's words */
export function publicEvent<Event extends JobHandleEvent>(
  event: Event,
  handles: readonly string[] = [],
): JobHandleEvent {
  const told: JobHandleEvent = event;
  if (told.type === 'uploadProgress')
    return { ...told, progress: { ...told.progress, handle: lastPart(told.progress.handle) } };
  if (told.type === 'completed' && told.saved !== undefined)
    return { ...told, saved: { ...told.saved, file: lastPart(told.saved.file) } };
  return 'failure' in told ? { ...told, failure: publicFailure(told.failure, handles) } : told;
}

/** The same for how a job ended: without the pre-signed URL, too. */
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
