import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const hasCurl = (): boolean => spawnSync('curl', ['--version']).status === 0;

export interface CurlTransfer {
  /** By curl's own clock. */
  readonly ms: number;
  /** Of the process, from its start to its end. */
  readonly cpuMs: number;
}

const QUOTED = /'/g;
const quoted = (word: string): string => `'${word.replace(QUOTED, `'\\''`)}'`;

/** What `times` of a shell says of its children, in ms. */
function childCpuMs(said: string): number {
  const ofChildren = said.trim().split('\n').at(-1) ?? '';
  return [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60_000 + Number(seconds) * 1_000,
    0,
  );
}

export function transferByCurl(
  direction: 'up' | 'down',
  origin: string,
  dir: string,
  bytes: number,
): CurlTransfer {
  const what =
    direction === 'up'
      ? ['-o', '/dev/null', '-F', `file=@${join(dir, 'large.bin')}`, `${origin}/api/v1/upload`]
      : ['-o', join(dir, 'curl.zip'), `${origin}/result/${bytes}`];
  const line = ['curl', '-sS', '-w', '%{time_total}\n', ...what].map(quoted).join(' ');
  const { stdout, status } = spawnSync('sh', ['-c', `${line} && times`], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`curl ended with ${status}`);
  const [seconds = ''] = stdout.split('\n');
  return { ms: Number(seconds) * 1_000, cpuMs: childCpuMs(stdout) };
}

/** ms that sha256sum needs for what curl saved. */
export function hashBySha256sum(dir: string): number {
  const startedAt = performance.now();
  const { status } = spawnSync('sha256sum', [join(dir, 'curl.zip')]);
  if (status !== 0) throw new Error(`sha256sum ended with ${status}`);
  return performance.now() - startedAt;
}
