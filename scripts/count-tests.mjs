// Prints `N passed, N failed` from vitest's JSON report and leaves with the code of the run that wrote it.
import { readFileSync } from 'node:fs';

const [file = '', code = '1'] = process.argv.slice(2);
const read = () => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
  }
};
const { numPassedTests: passed, numFailedTests: failed, numPendingTests: skipped } = read();
const isBroken = code !== '0' || passed === 0;
// A step before the tests (lint, types, build) that failed counts as one: a red run never says "0 failed".
const failures = isBroken && failed === 0 ? 1 : failed;
console.log(`${passed} passed, ${failures} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(isBroken ? Number(code) || 1 : 0);
