import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { CASES } from './shared-folder.js';

/** A request as `base.mjs` of the cases notes it. */
export interface Noted {
  /** Epoch ms, by the server's clock. */
  readonly t: number;
  /** `catalog`, `upload`, `create`, `patch`, `confirm`, `job`, `status`, `download` or `storage`. */
  readonly c: string;
  readonly body?: unknown;
}

export interface CaseServer {
  readonly baseUrl: string;
  /** Requests so far. */
  log(): Promise<readonly Noted[]>;
  count(call: string): Promise<number>;
  close(): Promise<void>;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'close');
  child.kill();
  await ended;
}

/** Starts a script of a case that serves, on a free port; its first line says which. */
export async function startCaseServer(
  script: string,
  env: Readonly<Record<string, string>>,
): Promise<CaseServer> {
  const child = spawn(process.execPath, [join(CASES, script)], {
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  // Boundary: what `base.mjs` prints.
  const { port } = JSON.parse(String(line)) as { readonly port: number };
  const origin = `http://127.0.0.1:${port}`;
  const log = async (): Promise<readonly Noted[]> => {
    const reply = await fetch(`${origin}/__log`);
    // Boundary: what `base.mjs` answers.
    return ((await reply.json()) as { readonly log: readonly Noted[] }).log;
  };
  return {
    baseUrl: `${origin}/api/v1`,
    log,
    count: async (call) => (await log()).filter(({ c }) => c === call).length,
    close: () => end(child),
  };
}
