import { DEFAULT_RETRY } from '../../src/machines/failure/retry-policy.js';
import type { Door } from './api-pages.js';
import type { Declarations } from './declarations.js';
import { docSummary } from './doc-comment.js';
import { code, page, table } from './markdown.js';
import { type Member, membersOf } from './members.js';

interface OptionsOf {
  /** The function that takes them. */
  readonly of: string;
  readonly door: string;
  readonly type: string;
  readonly file: string;
  readonly note?: string;
}

/** What a host can say, by the function that takes it. */
const TABLES: readonly OptionsOf[] = [
  { of: 'runGoalJob', door: 'goal-lane', type: 'RunGoalJobOptions', file: 'adapters/node/run-goal-job' },
  {
    of: 'createGoalLane',
    door: 'goal-lane',
    type: 'GoalLaneOptions',
    file: 'adapters/node/create-node-lane',
  },
  {
    of: 'lane.start',
    door: 'goal-lane',
    type: 'LaneStartOptions',
    file: 'engine/lane/goal-lane',
    note: 'And everything of [a job’s input](#job-input).',
  },
  { of: 'lane.close', door: 'goal-lane', type: 'CloseOptions', file: 'engine/lane/goal-lane' },
  {
    of: 'createStoredJobs',
    door: 'goal-lane',
    type: 'StoredJobsOptions',
    file: 'engine/durable/stored-jobs',
  },
  {
    of: 'createGoalClient',
    door: 'goal-lane/services',
    type: 'GoalClientOptions',
    file: 'services/create-goal-client',
  },
  {
    of: 'runBrowserJob',
    door: 'goal-lane/browser',
    type: 'BrowserJobOptions',
    file: 'adapters/browser/run-browser-job',
  },
  { of: 'startGoalJob', door: 'goal-lane/job', type: 'StartOptions', file: 'engine/job/start-goal-job' },
  {
    of: 'startEmulator',
    door: 'goal-lane/emulator',
    type: 'EmulatorOptions',
    file: 'adapters/emulator/http/start-emulator',
  },
  {
    of: 'startConsole',
    door: 'goal-lane/console',
    type: 'ConsoleOptions',
    file: 'adapters/console/start-console',
  },
  {
    of: 'createFleetClient',
    door: 'goal-lane/restate',
    type: 'FleetClientOptions',
    file: 'adapters/restate/client/fleet-client',
  },
  {
    of: 'createGoalWorker',
    door: 'goal-lane/restate',
    type: 'GoalWorkerOptions',
    file: 'adapters/restate/worker-options',
  },
];

/** Of one call of the client; they stand with it, on the page of its door. */
const NOT_OURS = ['CallOptions'];

const INPUT: OptionsOf = {
  of: 'A job’s input',
  door: 'goal-lane',
  type: 'NewJobInput',
  file: 'machines/job-input',
};
const RETRY: OptionsOf = { of: 'retry', door: 'goal-lane', type: 'RetryLimits', file: 'machines/job-input' };

/** `Default: 4.`, `Default false;`, `(default)`: as the doc comment says it. */
export function defaultIn(comment: string): string {
  const named = /(`[^`]+`),? \(?default\)?/.exec(comment)?.[1];
  const said = /Default:? (`[^`]*`|.+?(?=\.(?:\s|$)|[;:(]|, as |$))/.exec(comment)?.[1];
  return said?.trim() ?? named ?? '';
}

/** What an option means wherever it stands without a comment of its own. */
const SHARED: Readonly<Record<string, string>> = {
  workflowId: 'The `spec_id` of a workflow of the catalog.',
  retry: 'How often, and for how long, a call that fails is [tried again](#retry).',
  logger:
    'Hears what happens, one object and one message a line, as pino’s loggers do. No key and no URL secret is in it.',
  clock: 'The time that a job goes by. Default: the one of this process; tests bring a virtual one.',
  ports: 'What the machine needs, as plain functions: the calls, the files, and time.',
  input: 'A [job’s input](#job-input).',
  job: 'A [job’s input](#job-input) with Blobs as `files`, or `jobSpecId` of a job that exists.',
  onWarning: 'Something about the store that should be said loudly.',
  uploadsAtOnce: 'How many files of a job go up at once. Default 4.',
  requestTimeoutMs: 'From sending to the last byte of a reply, in ms. Default 30,000.',
  allowUrl: 'Decides about each URL that a result is to be fetched from, as for `createGoalClient`.',
  source: 'What is shown: a lane of this process through `laneSource`, or a client of a fleet.',
  client: 'The client of the API, made by `createNodeClient` or `createGoalClient`.',
  files: 'The Blobs, each under the name that it goes up with.',
  busyTimeoutMs: 'How long a lock of another process on the file is waited for, in ms. Default 10,000.',
  format:
    'The version of records that is written, and the steps up from older ones: for tests of an upgrade.',
  about: 'What the page says of this installation.',
};

/** As a reader writes it: what `| undefined` needed, parentheses around a function, goes with it. */
const shownType = (type: string): string =>
  type.replace(/ \| undefined$/, '').replace(/^\((\([^()]*\) => [^|()]+)\)$/, '$1');

const row = ({ name, type, isOptional, comment }: Member): readonly string[] => {
  const said = docSummary(comment) || (SHARED[name] ?? '');
  const fallback = isOptional ? defaultIn(said) : '**required**';
  return [code(name), said, code(shownType(type)), fallback];
};

const retryDefaults: Readonly<Record<string, number>> = { ...DEFAULT_RETRY };

/** What is left out of `retry` keeps its default, whatever the type of the whole says. */
const retryRow = (member: Member): readonly string[] => [
  ...row({ ...member, isOptional: true }).slice(0, -1),
  (retryDefaults[member.name] ?? Number.NaN).toLocaleString('en'),
];

function rowsOf(declarations: Declarations, { type, file }: OptionsOf): readonly Member[] {
  const [declared] = declarations.find(`dist/${file}.d.ts`, type);
  if (declared === undefined) throw new Error(`${type} is not in dist/${file}.d.ts`);
  return membersOf(declarations, declared);
}

const HEADS = ['option', 'meaning', 'type', 'default'];

/** The functions of the doors whose options stand in no table above, each with the type of what it takes. */
function otherFunctions(declarations: Declarations, doors: readonly Door[]): readonly OptionsOf[] {
  const seen = new Set<string>([...TABLES.flatMap(({ type, of }) => [type, of]), ...NOT_OURS]);
  return doors.flatMap(({ name: door, file }) =>
    declarations.exportsOf(file).flatMap((of) => {
      const [declared] = declarations.find(file, of);
      const type = declared?.kind === 'function' ? /: (\w+Options)\b/.exec(declared.text)?.[1] : undefined;
      if (declared === undefined || type === undefined || seen.has(type) || seen.has(of)) return [];
      seen.add(type);
      const place = declared.file.replace(/^dist\/|\.d\.ts$/g, '');
      return declarations.find(declared.file, type).length === 0 ? [] : [{ of, door, type, file: place }];
    }),
  );
}

/** Every option of every function that takes some, with its default. */
export function optionsPage(declarations: Declarations, doors: readonly Door[]): string {
  const input = rowsOf(declarations, INPUT);
  const isOfInput = new Set(input.map(({ name }) => name));
  const parts = [...TABLES, ...otherFunctions(declarations, doors)].flatMap((options) => {
    const all = rowsOf(declarations, options);
    const takesInput = all.some(({ name }) => name === 'missingSlots');
    const shown = takesInput ? all.filter(({ name }) => !isOfInput.has(name)) : all;
    const note = takesInput
      ? 'And [a job’s input](#job-input), or `jobSpecId` with its options, to follow a job that exists.'
      : (options.note ?? '');
    return [
      `## ${options.of} {#${options.of.replace('.', '-').toLowerCase()}}`,
      `${code(options.type)}, from ${code(options.door)}. ${note}`.trim(),
      table(HEADS, shown.filter(({ name }) => name !== 'jobSpecId').map(row)),
    ];
  });
  return page('Options', 'Every option of every function that takes some, with its default.', [
    'A default that is empty means: absent. All times are epoch milliseconds, all spans milliseconds, all sizes bytes.',
    '## A job’s input {#job-input}',
    '`JobInput`, from `goal-lane`: what a new job is given, by every host.',
    table(HEADS, input.filter(({ name }) => name !== 'jobSpecId').map(row)),
    '## retry {#retry}',
    '`RetryLimits`, within a job’s input; what is left out keeps its [default](defaults.md#retries).',
    table(HEADS, rowsOf(declarations, RETRY).map(retryRow)),
    ...parts,
  ]);
}
