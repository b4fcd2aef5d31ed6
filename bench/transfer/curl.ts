import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const hasCurl = (): boolean => spawnSync('curl', ['--version']).status === 0;

/** ms, by curl's own clock. */
export function transferByCurl(direction: 'up' | 'down', origin: string, dir: string, bytes: number): number {
  const what =
    direction === 'up'
      ? ['-o', '/dev/null', '-F', `file=@${join(dir, 'large.bin')}`, `${origin}/api/v1/upload`]
      : ['-o', join(dir, 'curl.zip'), `${origin}/result/${bytes}`];
  const { stdout, status } = spawnSync('curl', ['-sS', '-w', '%{time_total}', ...what], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`curl ended with ${status}`);
  return Number(stdout.trim()) * 1_000;
}

/** ms that sha256sum needs for what curl saved. */
export function hashBySha256sum(dir: string): number {
  const startedAt = performance.now();
  const { status } = spawnSync('sha256sum', [join(dir, 'curl.zip')]);
  if (status !== 0) throw new Error(`sha256sum ended with ${status}`);
  return performance.now() - startedAt;
}
