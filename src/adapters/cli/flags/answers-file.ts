import { readGivenSlots, slotIn } from '../../../machines/question/slot-value.js';
import { parseJson } from '../../../services/wire/parse-json.js';
import type { SlotValue } from '../../../services/wire/wire-types.js';
import { UsageError } from '../ends/usage-error.js';
import { safeLine } from '../say/terminal-safe.js';
import { decodeText } from './decode-text.js';
import { type ReadLimits, readBounded } from './read-bounded.js';

/** slotId → value, or a list of values that are used in turn. */
export type Answers = Readonly<Record<string, SlotValue | readonly SlotValue[]>>;

const FORM = 'Write a JSON object: slotId → value, or a list of values that are used in turn.';

/** Larger answers do not occur, and a process that writes them into a pipe is done within this time. */
const LIMITS: ReadLimits = { bytes: 16e6, ms: 15e3 };

const whyOf = (error: unknown): string => safeLine(error instanceof Error ? error.message : String(error));

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Reads the text of an answers file.
 * @throws UsageError
 */
export function parseAnswers(text: string, name: string): Answers {
  let json: unknown;
  try {
    json = parseJson(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw new UsageError(`--answers ${name}: not JSON (${whyOf(error)})`, FORM);
  }
  if (!isRecord(json)) throw new UsageError(`--answers ${name}: not an object`, FORM);
  const { values, complaints } = readGivenSlots(json);
  const slotId = complaints[0]?.field;
  if (slotId === undefined) return values;
  const what = isRecord(slotIn(json, slotId)) ? 'is an object' : 'holds an object, or is nested too deep';
  throw new UsageError(`--answers ${name}: the value of ${safeLine(slotId)} ${what}`, FORM);
}

/**
 * Reads answers from a file, a pipe or a device: UTF-8 or UTF-16, at most 16 MB, within 15 s.
 * @throws UsageError
 */
export async function readAnswers(path: string, limits = LIMITS): Promise<Answers> {
  const name = safeLine(path);
  const advice = 'Check the path, and that it leads to a JSON file.';
  const bytes = await readBounded(path, limits).catch((error: unknown) => {
    throw new UsageError(`--answers ${name}: cannot be read (${whyOf(error)})`, advice);
  });
  let text: string;
  try {
    text = decodeText(bytes);
  } catch {
    throw new UsageError(`--answers ${name}: neither UTF-8 nor UTF-16 text`, 'Save it as UTF-8.');
  }
  return parseAnswers(text, name);
}
