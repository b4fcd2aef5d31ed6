import type { Context } from 'hono';
import type { z } from 'zod';
import { ConsoleError } from '../console-error.js';
import { steadyParts } from '../steady-parts.js';

const MAX_BYTES = 256 * 1024;
const SILENCE_MS = 20_000;

async function textOf(c: Context, silenceMs: number): Promise<string> {
  const announced = Number(c.req.header('content-length') ?? 0);
  const tooLarge = (): ConsoleError => new ConsoleError(413, 'too_large', 'More than 256 kB of JSON.');
  if (announced > MAX_BYTES) throw tooLarge();
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of steadyParts(c.req.raw.body ?? new Blob([]).stream(), silenceMs)) {
    bytes += part.byteLength;
    if (bytes > MAX_BYTES) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** @throws ConsoleError for more than 256 kB, for invalid JSON, and for data that the schema does not allow */
export async function readJson<Schema extends z.ZodType>(
  c: Context,
  schema: Schema,
  silenceMs = SILENCE_MS,
): Promise<z.output<Schema>> {
  const text = await textOf(c, silenceMs);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConsoleError(400, 'no_json', 'The body is not JSON.');
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.slice(0, 3).map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new ConsoleError(400, 'bad_input', `The body is invalid. ${where.join('; ')}`);
}
