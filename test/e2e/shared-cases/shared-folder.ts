import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Beside the repository: inputs that failed once, kept by those who found them. Nothing is written there. */
export const CASES = fileURLToPath(new URL('../../../../shared/cases/', import.meta.url));

export const isThere = existsSync(join(CASES, 'README.md'));

export const ABSENT = [
  '*** SKIPPED: all of test/e2e/shared-cases.test.ts, because ../shared/cases is not there.',
  '*** They are small inputs that made the command fail once. Put the folder `shared` of the project beside this',
  '*** repository (so that ../shared/cases/README.md exists), and run: npx vitest run test/e2e/shared-cases.test.ts',
].join('\n');
