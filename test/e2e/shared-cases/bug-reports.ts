import { join } from 'node:path';
import { expect } from 'vitest';
import { type CaseServer, startCaseServer } from './case-server.js';
import { type CaseSite, caseSite, linesOf, shown } from './case-site.js';
import { lockedStore } from './locked-store.js';
import type { SharedCase } from './play-all.js';
import { CASES } from './shared-folder.js';

type Env = Readonly<Record<string, string>>;
type Play = (site: CaseSite, server: CaseServer) => Promise<void>;

const RUN = ['run', 'wf', 'in.txt'];

/** A case of `a/`: its server with some settings, and a site that talks to it. */
function reported(folder: string, variant: string, env: Env, play: Play, siteEnv: Env = {}): SharedCase {
  return {
    name: `a/${folder} ${variant}`.trim(),
    async play(dir) {
      const server = await startCaseServer(`a/${folder}/server.mjs`, env);
      try {
        await play(caseSite(dir, server.baseUrl, siteEnv), server);
      } finally {
        await server.close();
      }
    },
  };
}

const isSaved = (site: CaseSite): void =>
  expect([...site.results()].map(([name, bytes]) => [name, bytes.toString()])).toEqual([
    ['output.zip', 'PK\u0003\u0004 the result'],
  ]);

const happy = reported('00-happy', '', {}, async (site, server) => {
  const run = await site.run(RUN);
  expect(run.exit, shown(run)).toBe(0);
  isSaved(site);
  expect(await server.count('create')).toBe(1);
});

/** One stray refusal about a living job: it is waited out, or the job is at least detached so that `resume` continues it. */
function strayRefusal(env: Env, more: readonly string[] = []): SharedCase {
  const variant = Object.entries(env)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
  return reported('01-status-404-once', variant, env, async (site, server) => {
    const run = await site.run([...RUN, ...more]);
    if (run.exit !== 0) {
      expect(run.exit, shown(run)).toBe(7);
      expect(run.stderr, shown(run)).toMatch(/resume|attach/);
      const again = await site.run(['resume', '--all', '--no-input']);
      expect(again.exit, shown(again)).toBe(0);
    }
    isSaved(site);
    expect(await server.count('create')).toBe(1);
    expect(run.stderr, shown(run)).not.toMatch(/job failed|24 h/i);
  });
}

/** A refusal before there is a job says that nothing was started. */
function refusedInput(ON: string, STATUS: string, creates: number): SharedCase {
  return reported('01-status-404-once', `ON=${ON} STATUS=${STATUS}`, { ON, STATUS }, async (site, server) => {
    const run = await site.run(RUN);
    expect(run.exit, shown(run)).toBe(2);
    expect(await server.count('create')).toBe(creates);
    expect(run.stderr, shown(run)).not.toMatch(/job failed/i);
  });
}

const TONE = ['--slot', 'tone=x'];
const strays: readonly SharedCase[] = [
  strayRefusal({}),
  ...['409', '423', '499', '400', '451', '302'].map((STATUS) => strayRefusal({ STATUS })),
  strayRefusal({ BODY: 'html' }),
  strayRefusal({ TIMES: '2', RETRY_AFTER: '1' }),
  strayRefusal({ ON: 'confirm' }),
  strayRefusal({ ON: 'patch' }, TONE),
  strayRefusal({ ON: 'download' }),
  refusedInput('upload', '413', 0),
  refusedInput('create', '422', 1),
];

/** Longest time between two status reads, ms. */
async function longestGap(server: CaseServer): Promise<number> {
  const times = (await server.log()).filter(({ c }) => c === 'status').map(({ t }) => t);
  return Math.max(0, ...times.slice(1).map((t, index) => t - (times[index] ?? t)));
}

/** The wall clock of the command is set while it polls; its timers continue. */
function clockSet(JUMP_MS: string, POLLS: string, flags: readonly string[], exit: number): SharedCase {
  const clock = `--import ${join(CASES, 'a/04-clock-set-back/clock.mjs')}`;
  // Later than in the case, and with more polls: on a loaded machine the command must have begun to poll by then.
  const siteEnv = { NODE_OPTIONS: clock, JUMP_MS, AFTER_MS: '6000' };
  const variant = `JUMP_MS=${JUMP_MS} ${flags.join(' ')}`.trim();
  const play: Play = async (site, server) => {
    const run = await site.run([...RUN, ...flags], { timeoutMs: 30_000 });
    expect(run.exit, shown(run)).toBe(exit);
    expect(await longestGap(server), shown(run)).toBeLessThan(5_000);
    if (exit === 0) isSaved(site);
    else expect(run.ms, shown(run)).toBeLessThan(20_000);
  };
  return reported('04-clock-set-back', variant, { POLLS }, play, siteEnv);
}

const clocks: readonly SharedCase[] = [
  clockSet('-3600000', '6', ['--max-wait', '20'], 0),
  clockSet('-20000', '6', [], 0),
  clockSet('3600000', '6', [], 0),
  clockSet('-3600000', '1000', ['--max-wait', '8'], 5),
];

function withoutLinks(CODE: string): SharedCase {
  const NODE_OPTIONS = `--import ${join(CASES, 'a/06-link-eisdir/exfat.mjs')}`;
  const play: Play = async (site) => {
    const run = await site.run(RUN);
    expect(run.exit, shown(run)).toBe(0);
    isSaved(site);
  };
  return reported('06-link-eisdir', `CODE=${CODE}`, {}, play, { NODE_OPTIONS, CODE });
}

/** What is not a result is not reported as one; `--max-wait` bounds the repetitions. */
const wrongResult = (KIND: string): SharedCase =>
  reported('09-html-as-result', `KIND=${KIND}`, { KIND }, async (site) => {
    const run = await site.run([...RUN, '--max-wait', '8']);
    expect([5, 7], shown(run)).toContain(run.exit);
    expect([...site.results().keys()]).not.toContain('output.zip');
    expect(run.stdout + run.stderr, shown(run)).not.toMatch(/saved .*output\.zip/i);
    expect(run.stderr, shown(run)).toMatch(/resume|attach/);
  });

const structuredPreview = (KIND: string): SharedCase =>
  reported('23-preview-object', `KIND=${KIND}`, { KIND }, async (site) => {
    const run = await site.run([...RUN, '--slot', 'titles=x', '--json']);
    expect(run.exit, shown(run)).toBe(0);
    const { checkpoint } = linesOf(run).find(({ type }) => type === 'checkpoint') ?? {};
    const { stepOutputPreview } = (checkpoint ?? {}) as { readonly stepOutputPreview?: unknown };
    const preview = JSON.stringify(stepOutputPreview ?? null);
    for (const word of ['Senior Engineer', 'Tech Lead']) expect(preview, shown(run)).toContain(word);
  });

/** What is shown is bounded, however much the server says. */
const longPreview = (KIND: string): SharedCase =>
  reported('23-preview-object', `KIND=${KIND}`, { KIND }, async (site) => {
    const run = await site.run([...RUN, '--slot', 'titles=x']);
    expect(run.exit, shown(run)).toBe(0);
    expect(run.stdout.length + run.stderr.length).toBeLessThan(500_000);
  });

const unknownCreate = (STATUS: string): SharedCase =>
  reported('25-create-408', `STATUS=${STATUS}`, { STATUS }, async (site, server) => {
    const run = await site.run([...RUN, '--no-input']);
    expect(run.exit, shown(run)).toBe(6);
    expect(await server.count('create')).toBe(1);
    expect(run.stderr, shown(run)).not.toMatch(/job failed/i);
  });

/** The cases of `a/`: transposed from public bug reports of other clients. The slow ones first. */
export const bugReports: readonly SharedCase[] = [
  ...lockedStore,
  ...clocks,
  ...strays,
  ...['portal', 'xml', 'empty'].map(wrongResult),
  ...['object', 'list'].map(structuredPreview),
  ...['lines', 'big'].map(longPreview),
  happy,
  ...['EISDIR', 'EXDEV', 'EINVAL', 'EIO', 'UNKNOWN'].map(withoutLinks),
  ...['408', '499'].map(unknownCreate),
];
