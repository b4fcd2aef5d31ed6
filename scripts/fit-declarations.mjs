// Leaves out the last type argument of the machine, which tsc writes though it is the default: the XState 5.20 that hosts may have
// does not know it, and would take the whole type for none.
import { readFileSync, writeFileSync } from 'node:fs';

const FILE = 'dist/machines/goal-job-machine.d.ts';
const WRITTEN = '}, import("xstate").MetaObject>;';

const parts = readFileSync(FILE, 'utf8').split(WRITTEN);
if (parts.length !== 2) throw new Error(`${FILE}: expected ${WRITTEN} once`);
writeFileSync(FILE, parts.join('}>;'));
