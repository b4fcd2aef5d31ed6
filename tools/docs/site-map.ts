export interface Section {
  readonly title: string;
  readonly pages: readonly SitePage[];
}

export interface SitePage {
  /** Below docs/, without `.md`. */
  readonly path: string;
  readonly title: string;
  /** One line for llms.txt. */
  readonly about: string;
}

const page = (path: string, title: string, about: string): SitePage => ({ path, title, about });

/** The pages of the site in their order; a test reports one that is in no section; one that does not exist yet is left out. */
export const SECTIONS: readonly Section[] = [
  {
    title: 'Start',
    pages: [
      page('index', 'What it is', 'what goal-lane does, and where to begin'),
      page('start', 'Five minutes', 'from an empty folder to a result on disk, without a key'),
      page('reference/defaults', 'Defaults that matter', 'what is tried again and what never, times, exit codes'),
    ],
  },
  {
    title: 'Guides',
    pages: [
      page('hosting', 'What a host can ask', 'views, sources, React and HTTP in short'),
      page('guides/http-server', 'An HTTP server', 'file in, server-sent events, answers, result out'),
      page('guides/worker', 'A worker', 'jobs from a queue, resumed after a crash, ended in good order'),
      page('guides/react', 'React', 'useGoalJob and useGoalLane, in the browser and over a server'),
      page('guides/xstate-parent', 'An XState parent', 'the job machine as a child: snapshots, events, persistence'),
      page('guides/browser', 'In a browser', 'jobs on Blobs, and where the key stays'),
      page('runtimes', 'Runtimes', 'what runs where: Node, browsers, workers, Deno, Bun'),
      page('guides/edge', 'At the edge', 'one step at a time where no process lives for hours'),
      page('guides/many-jobs', 'Twenty jobs, one key', 'a lane: places, priorities, one budget of status reads'),
      page('batch', 'Many jobs from a terminal', 'goal-lane batch: manifests, folders that are watched, run again'),
      page('scaling', 'Many machines', 'a fleet of workers on a durable engine'),
      page('console', 'The web console', 'goal-lane serve: a page for people'),
      page('testing', 'Test your host', 'virtual time, files in memory, faults'),
      page('opentelemetry', 'OpenTelemetry', 'traces and metrics of jobs'),
      page('guides/proxies', 'Behind a proxy', 'proxies, certificates, and who answered in the place of the API'),
      page('emulator', 'The emulator', 'the remote API on your machine, with faults'),
      page('inspector', 'Watching a job', 'the inspector, and what is never shown'),
      page('durability', 'What survives', 'stores, leases, crashes, damaged disks'),
    ],
  },
  {
    title: 'Reference',
    pages: [
      page('reference/states', 'States', 'every state: what it waits for, which call, what leaves it'),
      page('reference/events', 'Events', 'what a host may send and receive'),
      page('reference/failures', 'Failures', 'every kind of failure with its cause and cure'),
      page('reference/options', 'Options', 'every option with its default'),
      page('command-line', 'The command line', 'flags, exit codes and output, explained'),
      page('reference/commands', 'Commands and flags', 'from the program itself'),
      page('api/index', 'API', 'what each door of the package exports'),
    ],
  },
  {
    title: 'Explanation',
    pages: [
      page('laws', 'The laws', 'eight rules, each with the tests that prove it'),
      page('architecture', 'How it is built, and why', 'rooms, words, the machine, decisions'),
      page('poll-scheduling', 'When to poll which', 'how a lane spends its status reads'),
      page('benchmarks', 'Benchmarks', 'what was measured, and how'),
    ],
  },
];

/** The doors of the package in package.json, in the sidebar below `API`. */
export const doorsIn = (exported: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.keys(exported).flatMap((path) => (path.endsWith('.json') ? [] : [path.replace(/^\./, 'goal-lane')]));

export const doorPath = (door: string): string => `api/${door.replace(/\//g, '-')}`;
