import { createRequire } from 'node:module';
import { packageVersion } from '../version.js';
import { type Finding, ok, warning } from './finding.js';

/** The oldest Node that is tested, as in `engines` of package.json. */
const OLDEST_NODE = [20, 19] as const;

const isOldEnough = (version: string): boolean => {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
};

function versionOf(name: string): string {
  try {
    const json: unknown = createRequire(import.meta.url)(`${name}/package.json`);
    return typeof json === 'object' && json !== null && 'version' in json ? String(json.version) : 'unknown';
  } catch {
    return 'not found';
  }
}

/** Versions of Node and the main packages. */
export function checkRuntime(nodeVersion: string = process.version): Finding {
  const packages = ['xstate', 'axios', 'undici'].map((name) => `${name} ${versionOf(name)}`);
  const text = `goal-lane ${packageVersion()} on Node ${nodeVersion} (${process.platform} ${process.arch}), ${packages.join(', ')}`;
  if (isOldEnough(nodeVersion)) return ok('runtime', text);
  return warning('runtime', text, `Use Node ${OLDEST_NODE.join('.')} or later: nothing older is tested.`);
}
