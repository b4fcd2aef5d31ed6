export interface Transfer {
  readonly ms: number;
  /** Highest resident memory during the transfer, less that before it. */
  readonly rssGrowthBytes: number;
  readonly cpuMs: number;
}

const SAMPLE_EVERY_MS = 10;

export async function measured(work: () => Promise<unknown>): Promise<Transfer> {
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  let highest = before;
  const look = (): void => {
    highest = Math.max(highest, process.memoryUsage.rss());
  };
  const sampling = setInterval(look, SAMPLE_EVERY_MS);
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await work();
  const ms = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(cpu);
  look();
  clearInterval(sampling);
  return { ms, rssGrowthBytes: highest - before, cpuMs: (user + system) / 1_000 };
}
