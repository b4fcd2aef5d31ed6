import { valueShown } from '../../../../machines/question/slot-value.js';
import { parseJson } from '../../../../services/wire/parse-json.js';
import { safeLine } from '../../say/terminal-safe.js';
import type { RawLine } from './batch-line.js';

/** Longest line of a manifest; a file without line ends must not fill the memory. */
const LONGEST_LINE = 4_000_000;

const broken = (line: number, rule: string): RawLine => ({
  line,
  fields: {},
  findings: [{ line, field: '', rule }],
});

function readJson(text: string, line: number): RawLine {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    const why = safeLine(error instanceof Error ? error.message : String(error)).slice(0, 200);
    return broken(line, `is not JSON (${why}); write one object a line`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return broken(line, `is ${valueShown(value)}; write one object a line`);
  return { line, fields: { ...value }, findings: [] };
}

/** Splits text into lines; text beyond the longest line is dropped. */
async function* linesOf(text: AsyncIterable<string>): AsyncGenerator<string | undefined> {
  let rest = '';
  let isTooLong = false;
  for await (const part of text) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      yield isTooLong || line.length > LONGEST_LINE ? undefined : line;
      isTooLong = false;
    }
    if (rest.length <= LONGEST_LINE) continue;
    isTooLong = true;
    rest = '';
  }
  yield isTooLong ? undefined : rest;
}

/** A manifest of JSON, one object per line; empty lines are skipped but counted. */
export async function* jsonlLines(text: AsyncIterable<string>): AsyncGenerator<RawLine> {
  let line = 0;
  for await (const given of linesOf(text)) {
    line += 1;
    const trimmed = given?.replace(/^\ufeff/, '').trim();
    if (trimmed === undefined)
      yield broken(line, `is longer than ${LONGEST_LINE} letters; write one object a line`);
    else if (trimmed !== '') yield readJson(trimmed, line);
  }
}
