import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { z } from 'zod';

const require = createRequire(import.meta.url);

const named = z.array(z.object({ name: z.string(), value: z.string() }));
const har = z.object({
  log: z.object({
    version: z.literal('1.2'),
    entries: z.array(
      z.looseObject({
        request: z.looseObject({
          method: z.string(),
          url: z.string(),
          headers: named,
          postData: z.looseObject({ text: z.string() }).optional(),
        }),
        response: z.looseObject({
          status: z.number(),
          headers: named,
          content: z.looseObject({ text: z.string().optional() }),
          _error: z.string().optional(),
        }),
        _goalLane: z.looseObject({
          to: z.string(),
          attempt: z.number(),
          jobSpecId: z.string().optional(),
          state: z.string().optional(),
          itemVersionSent: z.number().optional(),
          itemVersionGot: z.number().optional(),
        }),
      }),
    ),
  }),
});

export type Har = z.infer<typeof har>;

export const readHar = (path: string): Har => har.parse(JSON.parse(readFileSync(path, 'utf8')));

/** What the official JSON schema of HAR 1.2 has against a file; empty where nothing. */
export function harFaults(path: string): string[] {
  const ajv = new Ajv({
    strict: false,
    allErrors: true,
    formats: { 'date-time': true, uri: true, ipv4: true, ipv6: true },
  });
  ajv.addMetaSchema(require('ajv/dist/refs/json-schema-draft-06.json'));
  const schemas: unknown = require('har-schema');
  for (const schema of Object.values(Object(schemas))) ajv.addSchema(Object(schema));
  const isValid = ajv.validate('har.json#', JSON.parse(readFileSync(path, 'utf8')));
  return isValid ? [] : (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
