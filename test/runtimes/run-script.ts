import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Site, Told } from './site.js';

const run = promisify(execFile);

/** Runs a script of a job in a process of its own, and returns the report in its last line. */
export async function runScript(
  binary: string,
  args: readonly string[],
  file: string,
  site: Site,
  cwd?: string,
): Promise<Told> {
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: '/nonexistent',
    NO_COLOR: '1',
    DENO_NO_UPDATE_CHECK: '1',
  };
  const options = {
    env,
    timeout: 60_000,
    maxBuffer: 64 * 1024 * 1024,
    ...(cwd === undefined ? {} : { cwd }),
  };
  const { stdout } = await run(binary, [...args, file, JSON.stringify(site)], options);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Told;
}
