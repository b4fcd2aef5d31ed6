import { readFileSync } from 'node:fs';
import { RECORD_VERSION } from '../../../engine/store/record/job-record.js';

/** In `src` and in `dist` the package is as far up. */
const { version }: { version: string } = JSON.parse(
  readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
);

/** The path under which a worker answers: another release has another one. */
export const RELEASE_PATH = `/${version}-${RECORD_VERSION}`;
