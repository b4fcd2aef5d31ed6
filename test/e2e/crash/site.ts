import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { LogEntry } from '../../../src/adapters/emulator/index.js';
import { bundleEntries } from './bundle-entries.js';

// Within node_modules, so that the bundles find the packages that they leave outside.
const BUNDLES = fileURLToPath(new URL('../../../node_modules/.cache/goal-lane/', import.meta.url));
const entry = (name: string): string => fileURLToPath(new URL(`./${name}.ts`, import.meta.url));
export const CLI_BUNDLE = join(BUNDLES, 'cli-entry.mjs');
const EMULATOR_BUNDLE = join(BUNDLES, 'emulator-entry.mjs');

export const bundlePrograms = (): Promise<void> =>
  bundleEntries([entry('cli-entry'), entry('emulator-entry')], BUNDLES);

export const TIME_SCALE = 20;

/** The time of every process of a site. */
export const fastTime = (base: number) => ({
  CRASH_TIME_SCALE: String(TIME_SCALE),
  CRASH_TIME_BASE: String(base),
});

/** The server of all trials, as a process that can be killed. */
export interface Site {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly baseUrl: string;
  /** All that was asked with a key, in its order. */
  log(key: string): Promise<readonly LogEntry[]>;
  /** Kills the server and starts it again on the same ports, with what it knew. Resolves once it listens. */
  killServer(downMs: number): Promise<void>;
  close(): Promise<void>;
}

interface Addresses {
  readonly baseUrl: string;
  readonly storageUrl: string;
}

interface Server extends Addresses {
  readonly child: ChildProcess;
}

async function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  const [answer]: unknown[] = await once(child, 'message');
  // Boundary: what our own program sends.
  return answer as Answer;
}

const portOf = (url: string): string => new URL(url).port;

export async function openSite(keys: number): Promise<Site> {
  const directory = mkdtempSync(join(tmpdir(), 'goal-lane-crash-'));
  const time = fastTime(Date.now());
  const journal = join(directory, 'journal.ndjson');
  const start = async (ports: readonly string[]): Promise<Server> => {
    const child = fork(EMULATOR_BUNDLE, [journal, String(keys), ...ports], {
      env: { ...process.env, ...time },
    });
    const { baseUrl, storageUrl } = await answerOf<Addresses>(child);
    return { child, baseUrl, storageUrl };
  };
  let server = await start([]);
  const { baseUrl, storageUrl } = server;
  const kill = async (): Promise<void> => {
    const gone = once(server.child, 'exit');
    server.child.kill('SIGKILL');
    await gone;
  };
  /** One thing at a time is asked of the server or done to it: answers come without a name. */
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
  return {
    directory,
    baseUrl,
    env: { ...time, CONVILYN_BASE_URL: baseUrl },
    log: (key) =>
      inTurn(() => {
        server.child.send(key);
        return answerOf<readonly LogEntry[]>(server.child);
      }),
    killServer: (downMs) =>
      inTurn(async () => {
        await kill();
        await delay(downMs);
        server = await start([portOf(baseUrl), portOf(storageUrl)]);
      }),
    async close() {
      await kill();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
