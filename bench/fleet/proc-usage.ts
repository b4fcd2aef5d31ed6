import { readFileSync } from 'node:fs';

/** Linux counts processor time in these. */
const TICKS_PER_S = 100;
const PAGE_BYTES = 4_096;

/** CPU seconds that a process has used, and its memory, as Linux reports them. */
export function usageOf(pid: number): { readonly cpuS: number; readonly rssBytes: number } {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number);
    const [user = 0, system = 0] = [fields[11], fields[12]];
    return { cpuS: (user + system) / TICKS_PER_S, rssBytes: (fields[21] ?? 0) * PAGE_BYTES };
  } catch {
    return { cpuS: 0, rssBytes: 0 };
  }
}

export const usageOfAll = (pids: readonly number[]) =>
  pids
    .map(usageOf)
    .reduce((sum, { cpuS, rssBytes }) => ({ cpuS: sum.cpuS + cpuS, rssBytes: sum.rssBytes + rssBytes }), {
      cpuS: 0,
      rssBytes: 0,
    });
