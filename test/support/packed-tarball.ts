import { execFile } from 'node:child_process';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);
const CACHE = resolve('node_modules', '.cache', 'goal-lane-tarball');

/** Of what a tarball is made: another build, another tarball. */
async function buildKey(): Promise<string> {
  const times = await Promise.all(
    ['dist/index.js', 'package.json', 'README.md', 'CHANGELOG.md'].map((path) => stat(path)),
  );
  return times.map(({ mtimeMs }) => Math.floor(mtimeMs).toString(36)).join('-');
}

async function pack(into: string): Promise<void> {
  const making = `${into}.making`;
  await mkdir(making, { recursive: true });
  await run('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', making]);
  await rename(making, into);
}

/** The package as a user gets it: packed once for each build, whichever test asks first. */
export async function packedTarball(): Promise<string> {
  const key = await buildKey();
  const folder = join(CACHE, key);
  const lock = `${folder}.lock`;
  await mkdir(CACHE, { recursive: true });
  const isFirst = await mkdir(lock).then(
    () => true,
    () => false,
  );
  if (isFirst) {
    for (const name of await readdir(CACHE))
      if (!name.startsWith(key)) await rm(join(CACHE, name), { recursive: true, force: true });
    await pack(folder);
  }
  for (let tries = 0; tries < 600; tries += 1) {
    const [tarball] = await readdir(folder).catch(() => []);
    if (tarball !== undefined) return join(folder, tarball);
    await sleep(100);
  }
  throw new Error(`${folder}: not packed within the time; remove ${lock}`);
}
