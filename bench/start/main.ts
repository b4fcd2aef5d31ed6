import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { table, writeReport } from '../write-report.js';
import { unbundledCommand } from './unbundled.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '31' },
    /** The command of a built checkout of an earlier commit, instead of the same sources without a bundle. */
    before: { type: 'string' },
    /** What that commit is called on the page. */
    commit: { type: 'string', default: 'the same sources, not bundled' },
  },
});

const middle = (all: readonly number[]): number =>
  [...all].sort((one, other) => one - other)[Math.floor(all.length / 2)] ?? Number.NaN;

/** Wall time of one process from its start to its end, in ms. */
function once(args: readonly string[]): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args);
  if (status !== 0) throw new Error(`node ${args.join(' ')}: ${stderr}`);
  return performance.now() - began;
}

const folder = mkdtempSync(join(tmpdir(), 'goal-lane-start-'));
const before = values.before ?? unbundledCommand();
const commands = { before, now: join(process.cwd(), 'dist', 'adapters', 'cli', 'main.js') };
const cases = [
  { name: 'goal-lane --version', args: ['--version'], goal: 0.5 },
  { name: 'goal-lane jobs', args: ['jobs'], goal: 0.6 },
];
const taken = new Map<string, number[]>();
const note = (name: string, ms: number): void => void taken.set(name, [...(taken.get(name) ?? []), ms]);
const bare = 'node, which runs nothing';
try {
  for (let round = 0; round < Number(values.rounds); round += 1) {
    note(bare, once(['--eval', '']));
    for (const { name, args } of cases) {
      // In an order that alternates, so that what else the machine does befalls both alike.
      const order = Object.entries(commands);
      for (const [when, command] of round % 2 === 0 ? order : order.reverse())
        note(`${name} ${when}`, once([command, ...args, '--store', join(folder, `${when}.db`)]));
    }
  }
} finally {
  rmSync(folder, { recursive: true });
}

const median = (name: string): number => middle(taken.get(name) ?? []);
const rows = cases.map(({ name, goal }) => {
  const [then, now] = [median(`${name} before`), median(`${name} now`)];
  return [`\`${name}\``, then.toFixed(0), now.toFixed(0), (now / then).toFixed(2), `${goal}`];
});
const report = table([
  ['command', 'before, ms', 'now, ms', 'now / before', 'goal'],
  ...rows,
  [bare, '', median(bare).toFixed(0), '', ''],
]);

await writeReport(
  6,
  'start',
  `## The command: how fast it starts

\`npm run build && npm run bench -- start\`; wall time of a whole process, the median of ${values.rounds} rounds in which both run, in an order that alternates.
*Before* is ${values.commit}; \`jobs\` lists an empty store.

${report}
`,
);
console.log(report);
