import type { FileFacts } from '../../machines/ports.js';
import type { Failure } from '../../services/failure.js';
import type { PortsLayer } from '../binding/ports-layer.js';
import { turnsFrom } from '../binding/turn-waiter.js';
import type { RecordedFile } from '../store/record/job-record.js';
import { type FileRecorder, lookAgain, recordFiles } from './recorded-files.js';

/** What the ports report to a stored job, and ask it for. */
export interface PortListener {
  /** The files as they are now, before any upload. */
  filesSeen(files: readonly RecordedFile[]): void;
  recordedFile(path: string): RecordedFile | undefined;
  uploadArrived(handle: string, fileId: string): void;
  /** Epoch ms before which the status is not read: the previous process may have just read it (law 3, never early). */
  readonly noReadBefore: number;
}

const changedFile = (finding: string): Failure => ({
  kind: 'file',
  message: finding,
  advice: 'Put the file back as it was, or start a new job.',
  delivery: 'not-sent',
  findings: [finding],
});

/**
 * The facts that the upload checks. With the hash it recognises a file that was only touched or restored. If that was found just
 * now, its current time is used.
 */
function expectedFile(file: FileFacts, recorded: RecordedFile, now: RecordedFile | undefined): FileFacts {
  const { changedAt: _, identity: __, ...lasting } = file;
  const isTouched = now !== undefined && now.mtimeMs !== recorded.mtimeMs;
  const known = isTouched ? { ...lasting, modifiedAt: now.mtimeMs } : file;
  const { sha256 } = recorded;
  return sha256 === undefined ? known : { ...known, sha256 };
}

/** Records what a stored job must remember of its ports. `of` finds the calling job. */
export function recording(
  recorder: FileRecorder,
  of: (jobId: string) => PortListener | undefined,
): PortsLayer {
  return (inner) => ({
    ...inner,
    async inspectFiles(input, options) {
      const facts = await inner.inspectFiles(input, options);
      of(options.jobId)?.filesSeen(await recordFiles(recorder, input.handles));
      return facts;
    },
    async uploadFile(input, options) {
      const job = of(options.jobId);
      const { handle } = input.file;
      const recorded = job?.recordedFile(handle);
      const look = recorded && (await lookAgain(recorder, recorded, 'glance'));
      if (look && 'change' in look) throw changedFile(look.change);
      const file = recorded ? expectedFile(input.file, recorded, look?.file) : input.file;
      const uploaded = await inner.uploadFile({ ...input, file }, options);
      job?.uploadArrived(handle, uploaded.fileId);
      return uploaded;
    },
    pollTurn: turnsFrom(inner, ({ jobSpecId, notBefore }, { jobId }) => ({
      jobSpecId,
      notBefore: Math.max(notBefore, of(jobId)?.noReadBefore ?? 0),
    })),
  });
}
