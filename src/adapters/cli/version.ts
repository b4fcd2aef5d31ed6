import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** As it stands in the package's own package.json, which lies three folders up from here in `src` and in `dist` alike. */
export function packageVersion(): string {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return z.object({ version: z.string() }).parse(JSON.parse(text)).version;
}
