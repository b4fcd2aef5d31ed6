import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { errorFromFailure } from '../../../services/errors/error-from-failure.js';
import { provideWithResolvers } from './with-resolvers.js';

/** The engine's SDK, only its types: it is loaded when a worker starts, so other hosts do not need it. */
export type Sdk = typeof import('@restatedev/restate-sdk');

const NAME = '@restatedev/restate-sdk';
/** As in the package's `peerDependencies`, which no installer enforces for an optional one. */
const [MAJOR, LEAST_MINOR] = [1, 17];

const isMissing = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'MODULE_NOT_FOUND');

const unfit = (what: string): Error =>
  errorFromFailure({
    kind: 'invalid-input',
    message: `a worker needs ${NAME}, ${what}`,
    advice: `Install it: npm install ${NAME}@^${MAJOR}.${LEAST_MINOR}`,
    delivery: 'not-sent',
  });

/** The version of the SDK that is installed; undefined where its files do not say it. */
async function installedVersion(): Promise<string | undefined> {
  try {
    for (let folder = createRequire(import.meta.url).resolve(NAME); dirname(folder) !== folder; ) {
      folder = dirname(folder);
      const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
      const { name, version }: { name?: unknown; version?: unknown } = JSON.parse(text);
      if (name === NAME) return typeof version === 'string' ? version : undefined;
    }
  } catch {
    // Bundled, or laid out in a way of its own.
  }
  return undefined;
}

function isFit(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === MAJOR && minor >= LEAST_MINOR;
}

/** @throws GoalLaneError that says what to install if the SDK is missing, or of a release that a worker cannot use */
export async function loadSdk(): Promise<Sdk> {
  provideWithResolvers();
  const version = await installedVersion();
  if (version !== undefined && !isFit(version))
    throw unfit(`and ${version} is installed, which it cannot use`);
  try {
    return await import('@restatedev/restate-sdk');
  } catch (error) {
    if (isMissing(error)) throw unfit('which is not installed');
    throw error;
  }
}
