import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { RawLine } from '../../../../src/adapters/cli/batch/manifest/batch-line.js';
import { openManifest } from '../../../../src/adapters/cli/batch/manifest/open-manifest.js';
import { readLine } from '../../../../src/adapters/cli/batch/manifest/read-line.js';

async function linesOf(bytes: Buffer | string): Promise<RawLine[]> {
  const stdin = Readable.from([Buffer.from(bytes)].flatMap((all) => [all.subarray(0, 1), all.subarray(1)]));
  const { lines } = await openManifest({ stdin }, '-');
  const read: RawLine[] = [];
  for await (const line of lines()) read.push(line);
  return read;
}

const idOf = (fields: Record<string, unknown>): string | undefined =>
  readLine({ line: 1, fields, findings: [] }, '/base').entry?.derivedId;

describe('a manifest from stdin', () => {
  it('is read as JSON lines or as CSV, whichever it is, in UTF-8 or UTF-16', async () => {
    const json = '\n{"workflowId":"w","files":["ä.pdf"]}\n\n{"workflowId":"w","files":"b.pdf","id":7}';
    const expected = [
      { line: 2, fields: { workflowId: 'w', files: ['ä.pdf'] }, findings: [] },
      { line: 4, fields: { workflowId: 'w', files: 'b.pdf', id: 7 }, findings: [] },
    ];
    expect(await linesOf(json)).toEqual(expected);
    expect(await linesOf(Buffer.from(`\ufeff${json}`, 'utf16le'))).toEqual(expected);
    const csv =
      'workflowId,files,slot.tone,answer.ok,priority\r\n\r\nw,"a, b.pdf; c.pdf","dry\nand short",,5\r\nw,d.pdf,,,\r\n';
    const [first, second] = await linesOf(csv);
    expect(first).toMatchObject({
      line: 3,
      fields: { files: ['a, b.pdf', 'c.pdf'], slots: { tone: 'dry\nand short' }, priority: 5 },
    });
    expect(second).toEqual({ line: 5, fields: { workflowId: 'w', files: ['d.pdf'] }, findings: [] });
  });
});

describe('a line without an id', () => {
  it('has the same one as long as it means the same job', () => {
    const line = { workflowId: 'w', files: ['a.pdf'], slots: { x: 1, y: [2] } };
    expect(idOf(line)).toMatch(/^a-[0-9a-f]{12}$/);
    expect(idOf({ ...line, slots: { y: [2], x: 1 }, priority: 3, out: 'there' })).toBe(idOf(line));
    for (const other of [
      { workflowId: 'v' },
      { files: ['b.pdf'] },
      { slots: { x: 2, y: [2] } },
      { answers: { x: 1 } },
    ])
      expect(idOf({ ...line, ...other })).not.toBe(idOf(line));
  });
});
