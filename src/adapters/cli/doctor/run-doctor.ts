import type { CliIo } from '../cli-io.js';
import { EXIT, type ExitCode } from '../ends/exit-code.js';
import { isoTime } from '../say/json-line.js';
import { createOutput, redactorOf } from '../say/output.js';
import { safeLine } from '../say/terminal-safe.js';
import { type DoctorFlags, examine } from './examine.js';
import type { Finding, Mark } from './finding.js';

const SIGNS: Readonly<Record<Mark, string>> = { ok: '✓', warning: '!', wrong: '✗', skipped: '-' };

const linesOf = ({ check, mark, text, cure }: Finding): string[] => [
  `${SIGNS[mark]} ${check.padEnd(13)} ${safeLine(text)}`,
  ...(cure === undefined ? [] : [`  ${''.padEnd(13)} → ${safeLine(cure)}`]),
];

/** The exit code that `run` would return: it stops at the first problem. */
const codeOf = (findings: readonly Finding[]): ExitCode =>
  findings.find(({ mark }) => mark === 'wrong')?.exitCode ?? EXIT.saved;

function summary(findings: readonly Finding[]): string {
  const count = (wanted: Mark): number => findings.filter(({ mark }) => mark === wanted).length;
  const [bad, doubtful] = [count('wrong'), count('warning')];
  if (bad === 0)
    return doubtful === 0 ? 'Everything is right.' : `A job would run; ${doubtful} to look at (!).`;
  return `${bad} wrong (✗)${doubtful === 0 ? '' : `, ${doubtful} to look at (!)`}: a job would not run.`;
}

/** `goal-lane doctor`: checks the whole setup. */
export async function runDoctor(io: CliIo, flags: DoctorFlags): Promise<ExitCode> {
  const output = createOutput(io, flags.json === true);
  const { kept } = redactorOf(io);
  const findings: Finding[] = [];
  for await (const finding of examine(io, flags)) {
    findings.push(finding);
    output.json({ type: 'check', at: isoTime(io.now()), ...finding });
    if (flags.json !== true) io.stdout.write(`${kept(linesOf(finding).join('\n'))}\n`);
  }
  const exitCode = codeOf(findings);
  const message = summary(findings);
  const type = exitCode === EXIT.saved ? 'completed' : 'error';
  output.json({ type, at: isoTime(io.now()), exitCode, message });
  if (flags.json !== true) io.stdout.write(`\n${message}\n`);
  return exitCode;
}
