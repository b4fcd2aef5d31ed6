import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CliOptions, type CliRun, runCli } from '../unseen-server/run-cli.js';

export const KEY = 'test-key-0123456789';

/** Where the command is run, and what it left there. */
export interface CaseSite {
  readonly dir: string;
  readonly store: string;
  run(args: readonly string[], options?: Partial<CliOptions>): Promise<CliRun>;
  /** The saved results: name and bytes. */
  results(): ReadonlyMap<string, Buffer>;
}

/** A folder with `in.txt`, from which the command talks to a server. */
export function caseSite(dir: string, baseUrl: string, env: Readonly<Record<string, string>> = {}): CaseSite {
  const store = join(dir, 'jobs.db');
  writeFileSync(join(dir, 'in.txt'), 'hello\n');
  const known = { CONVILYN_API_KEY: KEY, CONVILYN_BASE_URL: baseUrl, GOAL_LANE_STORE: store };
  return {
    dir,
    store,
    run: (args, options = {}) =>
      runCli(args, { cwd: dir, timeoutMs: 60_000, ...options, env: { ...known, ...env, ...options.env } }),
    results() {
      const out = join(dir, 'goal-lane-results');
      const names = existsSync(out) ? readdirSync(out) : [];
      return new Map(names.map((name) => [name, readFileSync(join(out, name))]));
    },
  };
}

/** The lines of `--json`. */
export const linesOf = ({ stdout }: CliRun): readonly Readonly<Record<string, unknown>>[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** Everything that a run showed, for the message of an assertion. */
export const shown = ({ exit, stdout, stderr, ms }: CliRun): string =>
  `exit ${exit} after ${Math.round(ms)} ms\n${stdout.slice(-1_500)}\n${stderr.slice(-1_500)}`;
