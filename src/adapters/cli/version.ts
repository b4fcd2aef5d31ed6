import { readFileSync } from 'node:fs';

/** The version in the package's own package.json, which is three folders up both in `src` and in `dist`. */
export function packageVersion(): string {
  const json: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  const version = typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined;
  return typeof version === 'string' ? version : 'unknown';
}
