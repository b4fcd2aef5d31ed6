import { EXIT, type ExitCode } from '../../ends/exit-code.js';
import type { Finding } from '../manifest/batch-line.js';
import type { CheckedBatch } from './check-lines.js';

/** A finding as one line. */
export const findingLine = ({ line, field, rule }: Finding): string =>
  `line ${line}${field === '' ? '' : `, ${field}`}: ${rule}`;

export interface FindingsReport {
  readonly exitCode: ExitCode;
  readonly lines: readonly string[];
  readonly message: string;
  readonly advice: string;
}

/** The report about a manifest with errors; nothing was sent. */
export function findingsReport(
  name: string,
  { findings, more }: Pick<CheckedBatch, 'findings' | 'more'>,
): FindingsReport {
  const isInputAlone = more === 0 && findings.every(({ isInputNeeded }) => isInputNeeded === true);
  const count = findings.length + more;
  const message = `${name}: ${count} ${count === 1 ? 'finding' : 'findings'}; nothing was started`;
  const advice = isInputAlone
    ? 'Give the values in the lines, with --slot or --answers, or continue at a terminal.'
    : 'Fix the lines and start again: lines that have already run are not run twice.';
  return {
    exitCode: isInputAlone ? EXIT.inputNeeded : EXIT.usage,
    lines: [
      `${message}:`,
      ...findings.map((finding) => `  ${findingLine(finding)}`),
      ...(more > 0 ? [`  … and ${more} more`] : []),
      advice,
    ],
    message,
    advice,
  };
}
