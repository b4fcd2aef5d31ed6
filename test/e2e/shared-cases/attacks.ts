import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { type AttackServer, type Hook, type Hooked, startAttack } from './attack-lib.js';
import { type CaseSite, caseSite, linesOf, shown } from './case-site.js';
import { damagedStore } from './damaged-store.js';
import { earlyUploads } from './early-uploads.js';
import { oddSlots } from './odd-slots.js';
import type { SharedCase } from './play-all.js';

const RUN = ['run', 'wf', 'in.txt', '--json', '--no-input'];

/** A case of `b/`: its happy server with hooks. */
function attacked(
  name: string,
  hooks: Readonly<Record<string, Hook>>,
  play: (site: CaseSite, server: AttackServer) => Promise<void>,
  env: Readonly<Record<string, string>> = {},
): SharedCase {
  return {
    name: `b/${name}`,
    async play(dir) {
      const server = await startAttack(hooks);
      try {
        await play(caseSite(dir, server.base, env), server);
      } finally {
        await server.close();
      }
    },
  };
}

const filesIn = (dir: string): readonly string[] =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' }).filter((path) =>
    lstatSync(join(dir, path)).isFile(),
  );

/** A key is blotted in whatever spelling of it the server echoes: on screen, in names, in what is stored. */
function echoedKey(
  what: string,
  key: string,
  hooks: Readonly<Record<string, Hook>>,
  exit: number,
): SharedCase {
  const play = async (site: CaseSite): Promise<void> => {
    const run = await site.run([...RUN, '--slot', 'a=1']);
    const names = filesIn(site.dir);
    for (const text of [run.stdout, run.stderr, names.join('\n')])
      expect(text, shown(run)).not.toContain(key);
    for (const name of names)
      expect(readFileSync(join(site.dir, name)).includes(key), `${name} holds the key`).toBe(false);
    expect(run.exit, shown(run)).toBe(exit);
  };
  return attacked(`02-key-leaks-json-escapes ${what}`, hooks, play, { CONVILYN_API_KEY: key });
}

const SLASHED = 'sk+live/SECRET0123456789/abcdef==';
const DASHED = 'sk-live-SECRET0123456789abcdef';
const php = SLASHED.replaceAll('/', '\\/');
const echo =
  (text: string): Hook =>
  ({ json }) => {
    json(200, text);
    return true;
  };
const once = (hook: Hook): Hook => {
  let isDone = false;
  return (hooked) => {
    if (isDone) return false;
    isDone = true;
    return hook(hooked);
  };
};

const checkpoint =
  `{"status":"slot_needed","itemVersion":3,"checkpoint":{"checkpointId":"c",` +
  `"stepOutputPreview":"saw ${php}","slots":[{"slotId":"a"}]}}`;
const downloadUrl = ({ req }: Hooked): string => `http://${req.headers.host}/storage/x`;

const leaks: readonly SharedCase[] = [
  echoedKey(
    'status: currentStep',
    SLASHED,
    { status: once(echo(`{"status":"executing","itemVersion":2,"progress":3,"currentStep":"auth ${php}"}`)) },
    0,
  ),
  echoedKey(
    'status: failed/error',
    SLASHED,
    { status: echo(`{"status":"failed","error":"worker died with ${php}"}`) },
    1,
  ),
  echoedKey(
    'checkpoint preview',
    SLASHED,
    { status: (hooked) => (hooked.state.patches > 0 ? false : echo(checkpoint)(hooked)) },
    0,
  ),
  echoedKey(
    'download: filename (\\u)',
    DASHED,
    {
      download: (hooked) => {
        const name = `out-${DASHED.replaceAll('-', '\\u002d')}.zip`;
        return echo(`{"url":"${downloadUrl(hooked)}","filename":"${name}"}`)(hooked);
      },
    },
    0,
  ),
];

const DEEP = `{"message":${'{"message":'.repeat(20_000)}1${'}'.repeat(20_000)}}`;
const ODD = '{"errors":[{"loc":[{"toString":1}],"msg":"bad"}]}';
const DEEP_SLOTS = `{"slots":[{"slotId":"a","value":${'['.repeat(20_000)}${']'.repeat(20_000)}}]}`;

/** An error body that no reader expects changes nothing of what the status says. */
function oddBody(what: string, call: string, status: number, body: string): SharedCase {
  const hook = once(({ json, state }) => {
    if (call === 'create') state.jobs += 1;
    json(status, body);
    return true;
  });
  return attacked(
    `04-create-outcome-lost-on-odd-error-body ${what}`,
    { [call]: hook },
    async (site, server) => {
      const run = await site.run(RUN);
      expect(run.exit, shown(run)).toBe(call === 'create' ? 6 : 0);
      expect(server.state.jobs).toBe(1);
      expect(run.stderr, shown(run)).not.toMatch(/function of the host/i);
    },
  );
}

const oddBodies: readonly SharedCase[] = [
  oddBody('create 500, deep', 'create', 500, DEEP),
  oddBody('create 502, odd loc', 'create', 502, ODD),
  oddBody('create 500, plain', 'create', 500, '{"message":"x"}'),
  oddBody('status 503 once, odd loc', 'status', 503, ODD),
  oddBody('status 429 once, odd loc', 'status', 429, ODD),
  oddBody('confirm 202, deep slots', 'confirm', 202, DEEP_SLOTS),
];

/** A file that is no store of ours keeps its mode and its content. */
const foreignStore = (isLinked: boolean): SharedCase => ({
  name: `b/05-store-chmods-foreign-file ${isLinked ? 'link.db' : 'shared.txt'}`,
  async play(dir) {
    const site = caseSite(dir, 'http://127.0.0.1:9/api/v1');
    const file = join(dir, 'shared.txt');
    writeFileSync(file, 'a shared file of somebody\n', { mode: 0o664 });
    const link = join(dir, 'link.db');
    if (isLinked) symlinkSync(file, link);
    const before = statSync(file).mode;
    const run = await site.run(['jobs', '--store', isLinked ? link : file]);
    expect(run.exit, shown(run)).not.toBe(0);
    expect(statSync(file).mode).toBe(before);
    expect(readFileSync(file, 'utf8')).toBe('a shared file of somebody\n');
    if (isLinked) expect(lstatSync(link).isSymbolicLink()).toBe(true);
    for (const side of ['-wal', '-shm', '-journal']) expect(existsSync(`${file}${side}`)).toBe(false);
  },
});

/** The first signal gives a create in flight some seconds to answer, and the job is continued. */
const signalInCreate: SharedCase = attacked(
  '13-ctrl-c-in-create-orphans-job SIGTERM',
  {
    create: async ({ json, state }) => {
      state.jobs += 1;
      await sleep(1_500);
      json(201, { jobSpecId: 'job_1', status: 'pending', slots: [], itemVersion: 1 });
      return true;
    },
  },
  async (site, server) => {
    let stop = (): void => undefined;
    const watching = setInterval(() => {
      if (server.state.jobs === 0) return;
      clearInterval(watching);
      setTimeout(() => stop(), 700);
    }, 10);
    const run = await site.run(RUN, {
      onOutput: (_, child) => {
        stop = () => void child.kill('SIGTERM');
      },
    });
    expect(run.exit, shown(run)).toBe(130);
    expect(run.stdout, shown(run)).toContain('job_1');
    const again = await site.run(['resume', '--all', '--json', '--no-input']);
    expect(again.exit, shown(again)).toBe(0);
    expect(server.state.jobs).toBe(1);
  },
);

/** What is unknown is stored as unknown, and no advice leads to a second create. */
const unknownIsStored: SharedCase = attacked(
  '13-ctrl-c-in-create-orphans-job exit 6 is stored',
  {
    create: ({ json, state }) => {
      state.jobs += 1;
      json(500, '{"message":"x"}');
      return true;
    },
  },
  async (site, server) => {
    const run = await site.run(RUN);
    expect(run.exit, shown(run)).toBe(6);
    const jobs = await site.run(['jobs', '--json']);
    const [job] = linesOf(jobs).filter(({ type }) => type === 'job');
    expect(job, shown(jobs)).toBeDefined();
    expect(job?.state, shown(jobs)).not.toBe('failed');
    const all = await site.run(['resume', '--all', '--no-input']);
    expect(all.exit, shown(all)).not.toBe(0);
    const one = await site.run(['resume', String(job?.id), '--no-input']);
    expect(one.exit, shown(one)).not.toBe(0);
    for (const { stdout, stderr } of [run, jobs, all, one])
      expect(stdout + stderr).not.toMatch(/new one must be started|run it again/i);
    expect(server.state.jobs).toBe(1);
  },
);

/** The cases of `b/`: from attacks. The slow ones first. */
export const attacks: readonly SharedCase[] = [
  ...earlyUploads,
  signalInCreate,
  unknownIsStored,
  ...oddSlots,
  ...leaks,
  ...oddBodies,
  ...damagedStore,
  ...[false, true].map(foreignStore),
];
