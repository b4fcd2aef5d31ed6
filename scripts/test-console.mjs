// The console's browser tests three times in a row, and the seconds of their files: check 34 of test/adapters/console/README.md.
// `npm run test:console -- 5` runs them five times.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const RUNS = Number(process.argv[2] ?? 3);
const BUDGET_SECONDS = 120;
const FILES = 'test/adapters/console/browser';

/** The seconds of each file in one run, and whether all its tests passed. */
function run(report) {
  const reporters = ['--reporter=dot', '--reporter=json', `--outputFile=${report}`];
  const { status } = spawnSync('npx', ['vitest', 'run', FILES, ...reporters], {
    stdio: 'inherit',
    env: { ...process.env, CI: 'true' },
  });
  const { testResults, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
  const seconds = testResults.map(({ name, startTime, endTime }) => [
    basename(name),
    Math.round((endTime - startTime) / 1_000),
  ]);
  return { isGreen: status === 0 && numPendingTests === 0, seconds };
}

const folder = mkdtempSync(join(tmpdir(), 'goal-lane-test-console-'));
let isGreen = true;
try {
  for (let round = 1; round <= RUNS; round += 1) {
    const result = run(join(folder, `${round}.json`));
    const sum = result.seconds.reduce((total, [, seconds]) => total + seconds, 0);
    isGreen &&= result.isGreen && sum <= BUDGET_SECONDS;
    const files = result.seconds.map(([name, seconds]) => `${name} ${seconds} s`).join(', ');
    process.stdout.write(`run ${round}: ${result.isGreen ? 'green' : 'RED'}, ${sum} s (${files})\n`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = isGreen ? 0 : 1;
