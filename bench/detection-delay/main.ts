import { writePlot, writeReport } from '../write-report.js';
import { CONTENDERS, PLANS } from './contenders.js';
import { missed } from './goals.js';
import { LIMITERS } from './limiters.js';
import { type Figures, measure } from './measure.js';
import { indexPlot, survivalPlot } from './model-plots.js';
import { distributionPlot, ratioPlot } from './plots.js';
import { measureRealClients, realClientsReport } from './real-clients.js';
import { report } from './report.js';

const seeds = Math.max(1, Number(process.argv[2] ?? 24));
/** The real clients take minutes a seed. */
const realSeeds = Math.max(1, Number(process.argv[3] ?? 20));
const command = `npm run bench -- detection-delay ${seeds} ${realSeeds}`;

const all: Figures[] = [];
for (const plan of PLANS) {
  for (const contender of CONTENDERS) {
    for (const limiter of LIMITERS) {
      const figures = measure(plan, limiter, contender, seeds);
      all.push(figures);
      const { ratio, refusals, longestGap, meanDelayMs } = figures;
      process.stdout.write(
        `${plan.name.padEnd(9)} ${limiter} ${contender.name.padEnd(36)} ${(meanDelayMs / 1_000).toFixed(2).padStart(6)} s ` +
          `${ratio.toFixed(3).padStart(7)} × U ${String(refusals).padStart(7)} × 429  longest gap ${longestGap.toFixed(2)} n/B\n`,
      );
    }
  }
}
const real = await measureRealClients(realSeeds, (figures) =>
  process.stdout.write(`${JSON.stringify(figures)}\n`),
);
const sections = [report(PLANS, all, seeds, command), realClientsReport(real, realSeeds)];
await writeReport(1, 'detection-delay', sections.join('\n'));
await writePlot('detection-delay-ratio', ratioPlot(PLANS, all));
await writePlot('detection-delay-distribution', distributionPlot(all));
await writePlot('poll-index', indexPlot());
await writePlot('change-survival', survivalPlot());
for (const shortfall of all.flatMap(missed)) process.stdout.write(`missed: ${shortfall}\n`);
