import { readFileSync } from 'node:fs';

/** As it stands in the package's own package.json, which lies three folders up from here in `src` and in `dist` alike. */
export function packageVersion(): string {
  const json: unknown = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  const version = typeof json === 'object' && json !== null && 'version' in json ? json.version : undefined;
  return typeof version === 'string' ? version : 'unknown';
}
