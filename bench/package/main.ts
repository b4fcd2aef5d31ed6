import { parseArgs } from 'node:util';
import { bundleSize, inKib, sizes } from '../../scripts/sizes.mjs';
import { table, writeReport } from '../write-report.js';
import { type Import, importTimes } from './import-times.js';
import { type Installed, installOurs, installPeers } from './installed.js';

const { values } = parseArgs({
  options: {
    /** Imports are timed so many times. */
    rounds: { type: 'string', default: '10' },
    /** A built checkout of an earlier commit, whose `.` is timed beside ours. */
    before: { type: 'string' },
    /** What that commit is called on the page. */
    commit: { type: 'string', default: 'an earlier commit' },
  },
});

const DOORS = ['machines', 'job', 'browser', 'services', 'store', 'inspector'];
const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(1);
const ms = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(0));

const bundled = ({ name, folder }: Installed) =>
  bundleSize(`import * as all from '${name}'; globalThis.all = all;`, { resolveDir: folder });

const ours = installOurs();
const peers = installPeers();
const imports: readonly Import[] = [
  { name: 'goal-lane', folder: ours.folder, specifier: 'goal-lane' },
  ...(values.before === undefined
    ? []
    : [{ name: 'before', folder: values.before, specifier: `${values.before}/dist/index.js` }]),
  ...DOORS.map((door) => ({
    name: `goal-lane/${door}`,
    folder: ours.folder,
    specifier: `goal-lane/${door}`,
  })),
  ...peers.map(({ name, folder }) => ({ name, folder, specifier: name })),
];
const times = importTimes(imports, Number(values.rounds));

const rows: string[][] = [['package', 'installed, MiB', 'packages', 'import, ms', 'bundle, KiB gzip']];
const bundles = await sizes();
const ofOurs = bundles.map(({ name, gzip, limit, goal }) => `${name} ${gzip} (limit ${limit}, goal ${goal})`);
rows.push([
  'goal-lane with XState',
  mebibytes(ours.bytes),
  `${ours.packages}`,
  ms(times.get('goal-lane')),
  'see below',
]);
for (const peer of peers) {
  const { gzip } = await bundled(peer).catch(() => ({ gzip: Number.NaN }));
  rows.push([
    peer.name,
    mebibytes(peer.bytes),
    `${peer.packages}`,
    ms(times.get(peer.name)),
    `${inKib(gzip)}`,
  ]);
}
const doors = [
  ['door', 'import, ms'],
  ...DOORS.map((door) => [`\`goal-lane/${door}\``, ms(times.get(`goal-lane/${door}`))]),
];
const sizesTable = [
  ['bundle', 'minified, KiB', 'gzip, KiB', 'gzip without XState, KiB', 'goal, KiB gzip'],
  ...bundles.map(({ name, minified, gzip, withoutXstate, goal }) => [
    name,
    `${minified}`,
    `${gzip}`,
    `${withoutXstate}`,
    `${goal}${gzip > goal ? ' (missed)' : ''}`,
  ]),
];
const before = times.get('before');
const now = times.get('goal-lane');
const paired =
  before === undefined || now === undefined
    ? ''
    : `\n\`goal-lane\` took ${ms(before)} ms at ${values.commit}, in the same run: now ${(now / before).toFixed(2)} of it.\n`;

await writeReport(
  6,
  'package',
  `## The package: sizes and imports

\`npm run bench -- package\`; the packed tarball and each peer in an empty folder, in one run. *Import* is how much longer a process takes than one
that imports nothing: the median of ${values.rounds} rounds in which all run, in an order that alternates. What else the
machine does counts in each of them: compare within the table.

${table(rows)}

${table(sizesTable)}

All that a door exports and needs (\`import *\`), XState and all other packages counted, by esbuild for a browser, minified, one file, gzip level 9 (\`npm run
sizes\`). Limits in \`.size-limit.json\` are held in CI: they are what a door weighs, not what it is to weigh.

${table(doors)}
${paired}`,
);
console.log(ofOurs.join('\n'));
for (const row of rows) console.log(row.join(' | '));
if (paired !== '') console.log(paired);
