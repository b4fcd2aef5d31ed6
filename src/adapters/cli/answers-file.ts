import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { SlotValue } from '../../services/wire-types.js';
import { UsageError } from './usage-error.js';

/** slotId → value, or a list of values that are used in turn. */
export type Answers = Readonly<Record<string, SlotValue | readonly SlotValue[]>>;

const FORM = 'Write a JSON object: slotId → value, or a list of values that are used in turn.';

const slotValue: z.ZodType<SlotValue> = z.lazy(() =>
  z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(slotValue)]),
);
const answers = z.record(z.string(), slotValue);

/**
 * Reads the text of an answers file.
 * @throws UsageError
 */
export function parseAnswers(text: string, name: string): Answers {
  let json: unknown;
  try {
    json = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--answers ${name}: not JSON (${why})`, FORM);
  }
  const parsed = answers.safeParse(json);
  if (parsed.success) return parsed.data;
  const slotId = parsed.error.issues[0]?.path[0];
  const what = slotId === undefined ? 'not an object' : `the value of ${String(slotId)} is an object`;
  throw new UsageError(`--answers ${name}: ${what}`, FORM);
}

/** @throws UsageError */
export async function readAnswers(path: string): Promise<Answers> {
  try {
    return parseAnswers(await readFile(path, 'utf8'), path);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`--answers ${path}: cannot be read (${why})`, 'Check the path.');
  }
}
