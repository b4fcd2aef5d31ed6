import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ServerJob } from './job-book.js';
import type { Played } from './scenario.js';
import { isFields } from './wire.js';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The last line of `--json`, and what is wrong with any line. */
function linesOf(stdout: string): { readonly last: Record<string, unknown>; readonly problems: string[] } {
  const problems: string[] = [];
  let last: Record<string, unknown> = {};
  for (const line of stdout.split('\n').filter((text) => text !== '')) {
    try {
      const value: unknown = JSON.parse(line);
      if (!isFields(value) || typeof value.type !== 'string' || value.at === undefined)
        problems.push(`a line without type and at: ${line.slice(0, 200)}`);
      else last = value;
    } catch {
      problems.push(`a line that is no JSON: ${line.slice(0, 200)}`);
    }
  }
  return { last, problems };
}

function resultProblems({ out, dir }: Played, job: ServerJob, last: Record<string, unknown>): string[] {
  const problems: string[] = [];
  const saved = readdirSync(out);
  if (saved.length !== 1) problems.push(`in --out: ${JSON.stringify(saved)}`);
  const file = typeof last.file === 'string' ? resolve(dir, last.file) : '';
  if (dirname(file) !== out) return [...problems, `saved as ${JSON.stringify(last.file)}`];
  const bytes = readFileSync(file);
  if (sha256(bytes) !== job.sha256) problems.push(`wrong bytes: ${bytes.length} of ${job.result.length}`);
  if (last.bytes !== job.result.length || last.sha256 !== job.sha256)
    problems.push('wrong bytes or sha256 reported');
  if (last.jobSpecId !== job.id) problems.push(`jobSpecId reported as ${String(last.jobSpecId)}`);
  return problems;
}

function questionProblems({ scenario }: Played, job: ServerJob | undefined): string[] {
  const { confirmed = [['', {}]], fills } = scenario.expected;
  const confirms = (job?.accepted ?? []).filter((entry) => entry.what === 'confirm');
  const seen = confirms.map((entry) => [entry.checkpointId, entry.values]);
  const problems: string[] = [];
  if (JSON.stringify(seen) !== JSON.stringify(confirmed))
    problems.push(`confirmed: ${JSON.stringify(seen)}, not ${JSON.stringify(confirmed)}`);
  const filled = (job?.accepted ?? []).filter(
    (entry) => entry.what === 'fill' && entry.by === 'client',
  ).length;
  const due = fills ?? confirmed.filter(([, values]) => Object.keys(values).length > 0).length;
  if (filled !== due) problems.push(`${filled} PATCHes accepted, not ${due}`);
  return problems;
}

function leakProblems({ run, dir, server }: Played): string[] {
  const places: [string, string][] = [
    ['stdout', run.stdout],
    ['stderr', run.stderr],
  ];
  const kept = readdirSync(dir).filter((name) => statSync(join(dir, name)).isFile());
  for (const name of kept) places.push([name, readFileSync(join(dir, name), 'latin1')]);
  const secrets = [server.apiKey, 'X-Amz-Signature=sig'];
  return places.flatMap(([place, text]) =>
    secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${place}`),
  );
}

const LAST_LINES: Readonly<Record<number, readonly string[]>> = {
  0: ['completed'],
  1: ['failed'],
  3: ['detached', 'error'],
  5: ['detached'],
  130: ['detached'],
};

/** Everything that is wrong with a run, whatever was tried. */
export function judgeRun(played: Played): readonly string[] {
  const { scenario, run, server, out } = played;
  const { exit, creates = 1, jobs = 1 } = scenario.expected;
  const { last, problems } = linesOf(run.stdout);
  const job = [...server.jobs.values()][0];
  if (run.exit !== exit) problems.push(`exit ${run.exit} after ${Math.round(run.ms)} ms, not ${exit}`);
  const wanted = LAST_LINES[exit] ?? ['detached', 'error', 'failed'];
  if (!wanted.includes(String(last.type))) problems.push(`last line ${JSON.stringify(last).slice(0, 300)}`);
  if (exit === 0 && job !== undefined && run.exit === 0) problems.push(...resultProblems(played, job, last));
  if (exit !== 0 && exit !== 5 && readdirSync(out).length > 0) problems.push(`left: ${readdirSync(out)}`);
  if (server.log.count('create') !== creates) problems.push(`${server.log.count('create')} creates`);
  if (server.jobs.size !== jobs) problems.push(`${server.jobs.size} jobs`);
  if (jobs > 0) problems.push(...questionProblems(played, job));
  const known = ['out', 'answers.json', 'store.db', 'store.db-wal', 'store.db-shm', ...filesOf(played)];
  const strange = readdirSync(played.dir).filter((name) => !known.includes(name));
  if (strange.length > 0) problems.push(`made beside --out: ${strange}`);
  const all = [
    ...problems,
    ...server.log.violations,
    ...leakProblems(played),
    ...(scenario.also?.(played) ?? []),
  ];
  return all.length === 0 ? [] : [...all, `last event: ${JSON.stringify(last).slice(0, 500)}`];
}

const filesOf = ({ scenario }: Played): string[] => Object.keys(scenario.files ?? { 'in.txt': '' });
