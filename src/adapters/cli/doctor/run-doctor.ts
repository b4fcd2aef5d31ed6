import type { CliIo } from '../cli-io.js';
import { EXIT, type ExitCode } from '../ends/exit-code.js';
import { foldWords } from '../say/format.js';
import { isoTime } from '../say/json-line.js';
import { createOutput, redactorOf } from '../say/output.js';
import { createPainter, type Paint, type Painter } from '../say/painter.js';
import { safeLine } from '../say/terminal-safe.js';
import { type DoctorFlags, examine } from './examine.js';
import type { Finding, Mark } from './finding.js';

const SIGNS: Readonly<Record<Mark, string>> = { ok: '✓', warning: '!', wrong: '✗', skipped: '-' };

const PAINTS: Readonly<Record<Mark, Paint>> = {
  ok: 'green',
  warning: 'yellow',
  wrong: 'red',
  skipped: 'none',
};

/** Width of mark and name. */
const INDENT = 16;
/** Below this width, the text begins below the name. */
const LEAST_BESIDE = 48;

/** A text in the space beside the names, or on a narrow terminal below them. */
function beside(text: string, columns: number): string[] {
  if (!Number.isFinite(columns)) return [text];
  const indent = columns < LEAST_BESIDE ? 2 : INDENT;
  return foldWords(text, Math.max(1, columns - indent)).split('\n');
}

function linesOf({ check, mark, text, cure }: Finding, columns: number, paint: Painter): string[] {
  const isNarrow = columns < LEAST_BESIDE;
  const margin = ' '.repeat(isNarrow ? 2 : INDENT);
  const sign = paint(PAINTS[mark], SIGNS[mark]);
  const [first = '', ...more] = beside(safeLine(text), columns);
  const cures = cure === undefined ? [] : beside(`→ ${safeLine(cure)}`, columns);
  const head = isNarrow
    ? [`${sign} ${check}`, `${margin}${first}`]
    : [`${sign} ${check.padEnd(13)} ${first}`];
  return [...head, ...[...more, ...cures].map((line) => `${margin}${line}`)];
}

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
  const paint = createPainter(io.stdout, io.env);
  const columns = io.stdout.isTTY === true ? (io.stdout.columns ?? 80) : Number.POSITIVE_INFINITY;
  const findings: Finding[] = [];
  for await (const finding of examine(io, flags)) {
    findings.push(finding);
    output.json({ type: 'check', at: isoTime(io.now()), ...finding });
    if (flags.json !== true) io.stdout.write(`${kept(linesOf(finding, columns, paint).join('\n'))}\n`);
  }
  const exitCode = codeOf(findings);
  const message = summary(findings);
  const type = exitCode === EXIT.saved ? 'completed' : 'error';
  output.json({ type, at: isoTime(io.now()), exitCode, message });
  if (flags.json !== true) io.stdout.write(`\n${message}\n`);
  return exitCode;
}
