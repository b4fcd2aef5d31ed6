import { readFile, stat } from 'node:fs/promises';

/** `POSIX  ADVISORY  WRITE 4711 08:01:1234567 …` as in proc_locks(5): the process that has a lock, and the inode. */
const LOCK = /^\d+:\s+\S+\s+\S+\s+\S+\s+(\d+)\s+\S+:\S+:(\d+)\s/gm;

/**
 * The other processes that have a lock on one of these files. Linux only; empty elsewhere.
 * @param table where the kernel lists locks; for tests
 */
export async function processesLocking(
  paths: readonly string[],
  table = '/proc/locks',
): Promise<readonly number[]> {
  const locks = await readFile(table, 'utf8').catch(() => '');
  const inodes = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        ({ ino }) => String(ino),
        () => undefined,
      ),
    ),
  );
  const holders = [...locks.matchAll(LOCK)]
    .filter(([, , inode]) => inodes.includes(inode))
    .map(([, pid]) => Number(pid))
    .filter((pid) => pid > 0 && pid !== process.pid);
  return [...new Set(holders)].sort((a, b) => a - b);
}
