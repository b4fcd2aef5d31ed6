import type { InspectionEvent } from 'xstate';
import type { LogEntry } from '../../src/adapters/emulator/index.js';
import { make } from './usage-moves.js';
import type { Path } from './usage-paths.js';
import { createSite, type Site } from './usage-site.js';

/** What the server's own log must never show, whatever was done to the job. */
function breaches(log: readonly LogEntry[], path: Path): string[] {
  const created = log.filter(({ effect }) => effect?.type === 'created').length;
  const asked = path.filter(({ move }) => /^(START|ATTACH|RETRY)/.test(move)).length;
  const isRepeating = path.some(({ move }) => move === 'START_REPEATING');
  return [
    ...(created > asked && !isRepeating ? [`${created} jobs were created`] : []),
    ...log.filter(({ tooSoon }) => tooSoon).map(({ index }) => `request ${index} reads the status too soon`),
    ...log
      .filter(({ hadAuthorization, endpoint }) => hadAuthorization && endpoint === 'storage')
      .map(({ index }) => `request ${index} carries the key to storage`),
    ...log
      .filter(({ rate }) => rate?.shut === true && rate.knownShut)
      .map(({ index }) => `request ${index} goes out under a limit that was known to be shut`),
  ];
}

async function walkSteps(path: Path, site: Site): Promise<string | undefined> {
  for (const { move, stands } of path) {
    await make(move, site);
    if (site.path() !== stands) return `${move} leads to ${site.path()}, not to ${stands}`;
  }
  const [breach] = breaches(site.model.log, path);
  await site.close();
  return breach ?? (site.timers() === 0 ? undefined : 'leaves a timer behind');
}

/** Walks a path of the usage model with a real job against the emulator; says what was wrong, or nothing. */
export async function walkOnSite(
  path: Path,
  inspect: (event: InspectionEvent) => void,
): Promise<string | undefined> {
  const wrong = await walkSteps(path, createSite(inspect)).catch(String);
  return wrong && `${path.map(({ move }) => move).join(' → ')}: ${wrong}`;
}
