import { createLimiter, type LimiterName } from './limiters.js';
import { createLaneClient } from './policies.js';
import { createRandom } from './random.js';
import { simulate } from './simulate.js';
import { createWorkflows, PROGRESS_KINDS } from './world.js';
const [lim, limit, conc, procs, seed, from, to] = process.argv.slice(2);
(globalThis as any).GAPDBG = Number(process.argv[9] ?? 0);
const random = createRandom(Number(seed) * 7919);
const hist = new Map();
const L = Number(limit), P = Number(procs), C = Number(conc);
const sent = new Array(P).fill(0);
let t0 = 0, next = 0;
const last: any[] = [];
const clients = Array.from({ length: P }, (_, k) => {
  const c: any = createLaneClient(createRandom(Number(seed) * 31 + k), { history: hist });
  return { client: { begin: c.begin, reply(id: string, r: any, now: number) { sent[k]++; last[k]=[r.status,r.remaining,((r.resetAt-now)/1000).toFixed(1)]; c.reply(id, r, now); }, wake(now: number) {
    if (!t0) t0 = now;
    const s = (now - t0) / 1000;
    if (s >= next) { next = Math.floor(s) + 1; if (s >= Number(from) && s <= Number(to)) console.log(s.toFixed(0), sent.join(' '), clients.map((x: any, i) => { const v = x.client.view(); return `${last[i]} k=${v.kind[0]}${(v as any).isBucket ? "B" : ""} s=${v.share.toFixed(2)} L=${v.limit}`; }).join(' | ')); }
    return c.wake(now); }, view: c.view },
    concurrency: Math.floor(C / P) + (k < C % P ? 1 : 0) };
});
const o = simulate({ random, workflows: createWorkflows(PROGRESS_KINDS), limiter: createLimiter(lim as LimiterName, L, createRandom(Number(seed) + 5)), clients, horizonMs: 40 * 60000, roundTripMs: 80 });
console.log(o.refusals, o.longestGapMs);
