import { createLimiter, LIMITERS, type LimiterName } from './limiters.js';
import { createLaneClient, createLoopClient } from './policies.js';
import { createRandom, type Random } from './random.js';
import { type Outcome, type SimClient, simulate } from './simulate.js';
import { createWorkflows, PROGRESS_KINDS } from './world.js';

const mean0 = (xs: number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
const plans = [
  ['Free', 60, 5],
  ['Pro', 300, 20],
  ['Business', 1000, 100],
] as const;
const seeds = Number(process.argv[2] ?? 6);
const want = process.argv[3] ?? '';
const pol: Record<string, { procs: number; make: (r: Random, h: Map<string, any>) => SimClient }> = {
  loop: { procs: 1, make: (r) => createLoopClient(r, 'reset') },
  backoff: { procs: 1, make: (r) => createLoopClient(r, 'backoff') },
  rr: { procs: 1, make: (r) => createLaneClient(r, { order: 'round-robin' }) },
  ours: { procs: 1, make: (r, h) => createLaneClient(r, { history: h }) },
  nohist: { procs: 1, make: (r) => createLaneClient(r, {}) },
  ours4: { procs: 4, make: (r, h) => createLaneClient(r, { history: h }) },
};
for (const [plan, limit, conc] of plans)
  for (const lim of (process.argv[4]?.split(',') ?? LIMITERS) as LimiterName[])
    for (const [name, p] of Object.entries(pol)) {
      if (want && !want.split(',').includes(name)) continue;
      const out: Outcome[] = [];
      const t0 = Date.now();
      for (let seed = 1; seed <= seeds; seed += 1) {
        const random = createRandom(seed * 7919);
        const workflows = createWorkflows(PROGRESS_KINDS);
        const hist = new Map();
        const clients = Array.from({ length: p.procs }, (_, k) => ({
          client: p.make(createRandom(seed * 31 + k), hist),
          concurrency: Math.floor(conc / p.procs) + (k < conc % p.procs ? 1 : 0),
        }));
        out.push(
          simulate({
            random,
            workflows,
            limiter: createLimiter(lim, limit, createRandom(seed + 5)),
            clients,
            horizonMs: 40 * 60_000,
            roundTripMs: 80,
          }),
        );
      }
      if (process.argv[5]) console.log(out.map((o, i) => `${i + 1}:${o.refusals}/${(o.longestGapMs / 1000 / ((conc * 60) / limit)).toFixed(1)}/${(mean0(o.changes.map((c) => c.delayMs)) / 1000).toFixed(2)}`).join(' '));
      const all = out.flatMap((o) => o.changes);
      const mean = (xs: number[]) => xs.reduce((a, b) => a + b, 0) / xs.length;
      const delay = mean(all.map((c) => c.delayMs)) / 1000;
      const n = mean(out.map((o) => o.executing));
      const U = Math.max(1, (n * 60) / limit / 2) + 0.04;
      const ds = all.map((c) => c.delayMs).sort((a, b) => a - b);
      console.log(
        plan.padEnd(9),
        lim,
        name.padEnd(8),
        'delay',
        delay.toFixed(2),
        'U',
        U.toFixed(2),
        'ratio',
        (delay / U).toFixed(3),
        'p95',
        ((ds[Math.floor(ds.length * 0.95)] ?? 0) / 1000).toFixed(1),
        'gap/(n/B)',
        (Math.max(...out.map((o) => o.longestGapMs)) / 1000 / ((conc * 60) / limit)).toFixed(2),
        'min',
        Math.min(...out.map((o) => o.shortestGapMs)).toFixed(0),
        '429',
        out.reduce((a, o) => a + o.refusals, 0),
        'n',
        n.toFixed(1),
        'rate',
        (mean(out.map((o) => o.reads)) / 40 / limit).toFixed(2),
        PROGRESS_KINDS.map(
          (k) => k[0] + (mean(all.filter((c) => c.kind === k).map((c) => c.delayMs)) / 1000).toFixed(2),
        ).join(' '),
        Date.now() - t0,
        'ms',
      );
    }
