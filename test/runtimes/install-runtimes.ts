import { execFile } from 'node:child_process';
import { access, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * Installs the packages of a folder below `tools/`, which are too large for everybody, unless they are there: by its lockfile, without
 * scripts. Undefined where they cannot be had, which is said loudly; in CI they must.
 */
export async function installed(folder: string): Promise<string | undefined> {
  const modules = join(folder, 'node_modules');
  const isThere = () =>
    access(join(modules, '.package-lock.json')).then(
      () => true,
      () => false,
    );
  const lock = join(folder, '.installing');
  try {
    if (await isThere()) return modules;
    // Another process may be at it.
    for (let tries = 0; tries < 300; tries += 1) {
      const isMine = await mkdir(lock).then(
        () => true,
        () => false,
      );
      if (isMine) break;
      await sleep(200);
    }
    const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
    if (!(await isThere())) await run('npm', args, { cwd: folder, timeout: 240_000 });
    return modules;
  } catch (error) {
    if (process.env.CI) throw error;
    process.stderr.write(
      `\nSKIPPED, and it matters: ${folder} cannot be installed here.\n${String(error)}\n`,
    );
    return undefined;
  } finally {
    await rm(lock, { recursive: true, force: true });
  }
}
