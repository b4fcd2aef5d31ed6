import { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { safeLine } from '../../say/terminal-safe.js';
import type { Finding, RawLine } from './batch-line.js';

const PLAIN = ['workflowId', 'files', 'id', 'priority', 'out'];
const OF_A_SLOT = /^(slot|answer)\.(.+)$/s;
const COLUMNS = `${PLAIN.join(', ')}, slot.ID or answer.ID`;

const finding = (line: number, field: string, rule: string): Finding => ({ line, field, rule });

function headerFindings(header: readonly string[], line: number): Finding[] {
  const unknown = header.filter((name) => !PLAIN.includes(name) && !OF_A_SLOT.test(name));
  const doubled = header.filter((name, at) => header.indexOf(name) !== at);
  const missing = ['workflowId', 'files'].filter((name) => !header.includes(name));
  return [
    ...unknown.map((name) => finding(line, safeLine(name), `there is no such column; allowed is ${COLUMNS}`)),
    ...doubled.map((name) =>
      finding(line, safeLine(name), 'stands twice in the header; give each column once'),
    ),
    ...missing.map((name) =>
      finding(line, name, 'is missing in the header; the first line names the columns'),
    ),
  ];
}

/** For a numeric field, text that is a number becomes a number; for a slot it stays text, as with `--slot`. */
const numberOrText = (cell: string): unknown => (Number.isFinite(Number(cell)) ? Number(cell) : cell);

function fieldsOf(header: readonly string[], cells: readonly string[]): RawLine['fields'] {
  const fields = new Map<string, unknown>();
  const given: Record<'slot' | 'answer', [string, string][]> = { slot: [], answer: [] };
  for (const [at, name] of header.entries()) {
    const cell = cells[at] ?? '';
    if (cell.trim() === '') continue;
    const [, kind, slotId = ''] = OF_A_SLOT.exec(name) ?? [];
    if (kind === 'slot' || kind === 'answer') given[kind].push([slotId, cell]);
    else if (name === 'files')
      fields.set(
        name,
        cell
          .split(';')
          .map((file) => file.trim())
          .filter((file) => file !== ''),
      );
    else fields.set(name, name === 'priority' ? numberOrText(cell.trim()) : cell.trim());
  }
  if (given.slot.length > 0) fields.set('slots', Object.fromEntries(given.slot));
  if (given.answer.length > 0) fields.set('answers', Object.fromEntries(given.answer));
  return Object.fromEntries(fields);
}

interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

const tooMany = (line: number, cells: number, columns: number): Finding =>
  finding(
    line,
    '',
    `has ${cells} cells, and the header names ${columns} columns; put a cell with a comma into quotes`,
  );

/** A manifest of comma-separated values; the first line names the columns. */
export async function* csvLines(text: AsyncIterable<string>): AsyncGenerator<RawLine> {
  const broken: RawLine[] = [];
  const parser = parse({
    bom: true,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    skip_records_with_error: true,
    on_skip: (error: CsvError | undefined) => {
      const line = Number(error?.lines ?? 0);
      const rule = `is no line of CSV (${safeLine(error?.message ?? '').slice(0, 200)})`;
      broken.push({ line, fields: {}, findings: [finding(line, '', rule)] });
      return undefined;
    },
  });
  const source = Readable.from(text);
  source.on('error', (error) => parser.destroy(error));
  let header: readonly string[] | undefined;
  for await (const row of source.pipe(parser)) {
    const { record, info }: Row = row;
    yield* broken.splice(0);
    // A quoted cell may span several lines: the line number of a row is where it begins.
    const line = info.lines - record.join('').split('\n').length + 1;
    if (header === undefined) {
      header = record.map((name) => name.trim());
      const findings = headerFindings(header, line);
      if (findings.length > 0) yield { line, fields: {}, findings };
      if (findings.length > 0) return;
    } else if (record.length > header.length) {
      yield { line, fields: {}, findings: [tooMany(line, record.length, header.length)] };
    } else yield { line, fields: fieldsOf(header, record), findings: [] };
  }
  yield* broken;
}
