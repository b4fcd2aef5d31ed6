import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createWorkplace } from './cli-process.js';
import { startReferenceServer } from './reference-server.js';

/** Sets the wall clock of the process some time after its start; timers and `performance` continue unchanged. */
const SET_CLOCK = `
const real = Date.now, began = performance.now();
const now = () => real() + (performance.now() - began >= Number(process.env.AFTER_MS) ? Number(process.env.BY_MS) : 0);
globalThis.Date = class extends Date { constructor(...a) { a.length ? super(...a) : super(now()); } };
Date.now = now;
`;

describe.concurrent('the command, while the wall clock is set', () => {
  it.each([
    ['back by an hour', -3_600_000],
    ['forward by an hour', 3_600_000],
    ['back by 20 s', -20_000],
  ])('%s, polls every 2 s, ends with --max-wait, and says so', async (_, byMs) => {
    const server = await startReferenceServer({ isEndless: true });
    const place = createWorkplace(server);
    place.file('resume.txt');
    place.file('set-clock.mjs', SET_CLOCK);
    const shim = pathToFileURL(join(place.dir, 'set-clock.mjs')).href;
    try {
      const began = performance.now();
      const result = await place.run(
        ['run', 'goal_lane.cover_letter', 'resume.txt', '--out', 'out', '--max-wait', '9'],
        { NODE_OPTIONS: `--import ${shim}`, AFTER_MS: '3000', BY_MS: String(byMs) },
      );
      const lastedMs = performance.now() - began;
      expect(result.code, result.stderr).toBe(5);
      expect(lastedMs).toBeGreaterThan(8_900);
      expect(lastedMs).toBeLessThan(25_000);
      expect(result.stderr).toContain(`set ${byMs < 0 ? 'back' : 'forward'} by ${Math.abs(byMs) / 1_000} s`);
      const reads = server.seen.filter(({ path }) => path.endsWith('/status')).map(({ at }) => at);
      const gaps = reads.slice(1).map((at, index) => at - (reads[index] ?? at));
      expect(reads.length).toBeGreaterThanOrEqual(3);
      for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(1_990);
    } finally {
      await server.close();
      place.remove();
    }
  });
});
