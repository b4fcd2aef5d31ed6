import type { InputRequest } from '../../../../machines/job-events.js';
import type { Asker } from '../../ask/asker.js';
import { createClackAsker } from '../../ask/clack-asker.js';
import type { CliIo } from '../../cli-io.js';
import { checkpointLines, failureLines } from '../../say/event-lines.js';
import { redactorOf } from '../../say/output.js';
import { safeLine } from '../../say/terminal-safe.js';

const about = ({ checkpoint }: InputRequest): string[] =>
  checkpoint === undefined ? ['Values before it starts:'] : checkpointLines(checkpoint);

/** An asker for one of many jobs: prints the job's id and the context of the question just before asking. */
export function createLineAsker(io: CliIo, id: string): Asker {
  const asker = createClackAsker(io);
  const { kept } = redactorOf(io);
  const head = (lines: readonly string[]): void => {
    for (const [at, line] of lines.entries())
      io.stderr.write(`${kept(at === 0 ? `[${safeLine(id)}] ${line}` : line)}\n`);
  };
  return {
    fillSlots(request, signal) {
      if (!signal.aborted) head(about(request));
      return asker.fillSlots(request, signal);
    },
    mayStart(signal) {
      if (!signal.aborted) head(['The job is ready.']);
      return asker.mayStart(signal);
    },
    resolveUnknown(failure, signal) {
      if (!signal.aborted) head(failureLines(failure));
      return asker.resolveUnknown(failure, signal);
    },
  };
}
