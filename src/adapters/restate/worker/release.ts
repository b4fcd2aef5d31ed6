import { readFileSync } from 'node:fs';
import { RECORD_VERSION } from '../../../engine/store/record/job-record.js';

/** The relative path is the same from `src` and from `dist`. */
const { version }: { version: string } = JSON.parse(
  readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
);

/** The path of a worker's URL; each release has its own. */
export const RELEASE_PATH = `/${version}-${RECORD_VERSION}`;

/** The URL of this release at an address that forwards to its workers; one that ends with the release stays as it is. */
export function releaseUrl(address: string): string {
  const url = address.replace(/\/+$/, '');
  return url.endsWith(RELEASE_PATH) ? url : `${url}${RELEASE_PATH}`;
}
