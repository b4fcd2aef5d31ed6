import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { goalJobMachine } from '../../src/machines/index.js';
import { apiIndex, apiPage, doorPage, doorsOf, purposesIn } from './api-pages.js';
import { commandPage } from './command-page.js';
import { readDeclarations } from './declarations.js';
import { defaultsPage } from './defaults-page.js';
import { eventsPage } from './events-page.js';
import { failuresPage } from './failures-page.js';
import { llmsText } from './llms-text.js';
import { optionsPage } from './options-page.js';
import { statesPage } from './states-page.js';

/** Every generated page by its path below the root. Reads the declarations in dist: `npm run build` first. */
export function referencePages(root: string): Readonly<Record<string, string>> {
  const declarations = readDeclarations(root);
  const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const doors = doorsOf(exports);
  const purposes = purposesIn(readFileSync(join(root, 'docs/architecture.md'), 'utf8'));
  const apis = doors.map((door) => [
    `docs/api/${doorPage(door)}`,
    apiPage(declarations, door, purposes.get(door.name) ?? ''),
  ]);
  return {
    'docs/reference/states.md': statesPage(goalJobMachine),
    'docs/reference/events.md': eventsPage(goalJobMachine, declarations),
    'docs/reference/failures.md': failuresPage(declarations),
    'docs/reference/options.md': optionsPage(declarations, doors),
    'docs/reference/commands.md': commandPage(),
    'docs/reference/defaults.md': defaultsPage(),
    'docs/api/index.md': apiIndex(doors, purposes),
    ...Object.fromEntries(apis),
    'docs/public/llms.txt': llmsText(root, doors, purposes),
  };
}
