// Writes what each door of the package exports, as api/<door>.api.md, from the declarations in dist (`npm run build` first).
//   --check        writes nothing, and fails where a report in git is not what the declarations say
//   --door NAME    one door alone, such as `inspector/node`, or `.`
//   --reports DIR  the reports are there instead of in api/
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const { values: given } = parseArgs({
  options: { check: { type: 'boolean' }, door: { type: 'string' }, reports: { type: 'string' } },
});
const reportFolder = resolve(given.reports ?? 'api');
const reportTempFolder = mkdtempSync(join(tmpdir(), 'goal-lane-api-'));
const packageJsonFullPath = resolve('package.json');
const packageJson = JSON.parse(readFileSync(packageJsonFullPath, 'utf8'));

const doors = Object.entries(packageJson.exports)
  .filter(([, { types }]) => types !== undefined)
  .map(([door, { types }]) => ({ name: door.replace('./', ''), entry: resolve(types) }));
const wanted = doors.filter(({ name }) => given.door === undefined || name === given.door);

const silent = { default: { logLevel: 'none', addToApiReportFile: false } };

// api-extractor brings a TypeScript of its own: TypeScript 7, which builds the package, has no API that it could use.
const compilerOptions = {
  target: 'ES2022',
  lib: ['ES2023', 'DOM', 'DOM.Iterable', 'DOM.AsyncIterable'],
  module: 'NodeNext',
  moduleResolution: 'NodeNext',
  strict: true,
  exactOptionalPropertyTypes: true,
  skipLibCheck: true,
  types: ['node'],
};

const reportName = (name) => `${name === '.' ? 'index' : name.replace('/', '-')}.api.md`;

const configOf = ({ name, entry }) =>
  ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath,
    packageJson,
    configObject: {
      projectFolder: resolve('.'),
      mainEntryPointFilePath: entry,
      newlineKind: 'lf',
      compiler: {
        overrideTsconfig: {
          compilerOptions,
          files: wanted.map((door) => door.entry),
          // Named here too, or it says "Unable to follow symbol" of the namespace NodeJS.
          include: [resolve('node_modules/@types/node/index.d.ts')],
        },
      },
      // Also what a door leads to without a name of its own: the fields of unnamed option types are public all the same.
      apiReport: {
        enabled: true,
        reportFileName: reportName(name),
        reportFolder,
        reportTempFolder,
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      // Only what could not be compiled counts; what else it would say is a matter of taste.
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: silent,
        tsdocMessageReporting: silent,
      },
    },
  });

const configs = wanted.map(configOf);
if (configs.length === 0)
  throw new Error(`no door ${given.door}: ${doors.map(({ name }) => name).join(', ')}`);
// One program for all doors: it takes longer than all reports together.
const compilerState = CompilerState.create(configs[0], {
  additionalEntryPoints: configs.map((config) => config.mainEntryPointFilePath),
});

function isSame(config) {
  const { apiReportChanged, errorCount } = Extractor.invoke(config, {
    compilerState,
    localBuild: given.check !== true,
    printApiReportDiff: true,
    messageCallback(message) {
      const isWord = message.messageId === 'console-api-report-diff' || message.logLevel === 'error';
      if (isWord) console.error(message.text);
      message.handled = true;
    },
  });
  if (errorCount > 0) throw new Error(`${config.mainEntryPointFilePath} does not compile`);
  return !apiReportChanged;
}

const changed = configs.filter((config) => !isSame(config)).map((config) => config.reportFilePath);
const known = new Set(doors.map(({ name }) => reportName(name)));
const left = readdirSync(reportFolder).filter((file) => file.endsWith('.api.md') && !known.has(file));
rmSync(reportTempFolder, { recursive: true });
for (const file of left) {
  if (!given.check) rmSync(join(reportFolder, file));
  console.error(`${file}: a report of no door`);
}
for (const file of changed) console.error(`${file} ${given.check ? 'is not what dist exports' : 'written'}`);
if (given.check && changed.length + left.length > 0) {
  console.error('The public API changed. If that is meant: npm run build && npm run api, and commit api/.');
  process.exitCode = 1;
}
