import { readdirSync, readFileSync } from 'node:fs';
import { sep } from 'node:path';
import { configDefaults, type TestProjectInlineConfiguration } from 'vitest/config';

/** The long proofs: more than about two seconds of a core, or other processes (an engine, a browser, the built command). */
const LONG = [
  'test/{model,e2e,package,examples,runtimes,site}/**/*.test.ts',
  'test/**/*memory*.test.ts',
  'test/**/*browser*.test.ts',
  'test/adapters/cli/{help-and-completion,unverified-result}.test.ts',
  'test/adapters/console/{fleet,restart}.test.ts',
  'test/adapters/inspector/inspector-page.test.ts',
  'test/adapters/node/{odd-files,uploads/inspect-files,transport/early-answers,transport/tls}.test.ts',
  'test/adapters/react/react-hooks.test.ts',
  'test/adapters/restate/{slow-create,one-job,files,given-back,job-pages}.test.ts',
  'test/adapters/testing/{endless-job,hosts}.test.ts',
  'test/docs/{chart-legible,doc-examples,page-code,readme}.test.ts',
  'test/engine/durable/restore-at-every-step.test.ts',
  'test/engine/interpreter/same-as-actor.test.ts',
  'test/engine/lane/{clock-steps,detection-delay,real-http}.test.ts',
  'test/engine/store/{locked-store,two-processes}.test.ts',
  'test/services/{total-classifiers,redaction/spellings,content/zip-shape}.test.ts',
];

/** What a test changes or measures in its process: modules, clocks, environment, memory. The next file in that process would see it. */
const CHANGES_PROCESS = /\bvi\.(mock|stub|useFakeTimers)|\bprocess\.(memoryUsage|env\.\w+ = )/;

const ownProcess = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .map((name) => `test/${name.split(sep).join('/')}`)
  .filter((file) => file.endsWith('.test.ts') && CHANGES_PROCESS.test(readFileSync(file, 'utf8')));

const notLong = [...configDefaults.exclude, ...LONG];

type Group = 'long proofs' | 'own process' | 'shared process';

/** In the order in which they begin: a shared process ends as soon as a file comes next that needs its own. */
export const GROUPS: readonly Group[] = ['long proofs', 'own process', 'shared process'];

/** Most of what a small file costs is starting a process and loading modules, so the quick files share a few processes. */
const FILES: Readonly<Record<Group, { include: string[]; exclude?: string[]; isolate?: boolean }>> = {
  'long proofs': { include: LONG },
  'own process': { include: ownProcess, exclude: notLong },
  'shared process': { include: ['test/**/*.test.ts'], exclude: [...notLong, ...ownProcess], isolate: false },
};

/** A project of the test runner for each of these groups. */
export const testProjects = (
  groups: readonly Group[],
  common: TestProjectInlineConfiguration['test'],
): TestProjectInlineConfiguration[] => groups.map((name) => ({ test: { ...common, name, ...FILES[name] } }));
