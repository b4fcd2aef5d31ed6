import { expect, it } from 'vitest';
import { foldText, keepEnd } from '../../../../src/adapters/cli/say/format.js';
import { JobsTable } from '../../../../src/adapters/cli/say/jobs-table.js';
import { endWithin, startWithin, widthOf } from '../../../../src/adapters/cli/say/text-width.js';
import type { JobRecord } from '../../../../src/engine/store/record/job-record.js';
import { summaryOf } from '../../../../src/engine/store/record/job-summary.js';

const FAMILY = '👨‍👩‍👧';

it.each([
  ['plain', 5],
  ['契約書', 6],
  [FAMILY, 2],
  ['e\u0301', 1],
])('%s takes as many columns as a terminal gives it', (text, columns) => {
  expect(widthOf(text)).toBe(columns);
});

it('is cut between letters as people see them', () => {
  expect(startWithin(`a${FAMILY}b`, 2)).toBe('a');
  expect(startWithin(`a${FAMILY}b`, 3)).toBe(`a${FAMILY}`);
  expect(endWithin(`a${FAMILY}b`, 2)).toBe('b');
  expect(startWithin('契約', 1)).toBe('契');
});

it('folds wide letters to the width that was asked for', () => {
  const lines = foldText('契約書契約書/契約書.pdf', 7).split('\n');
  expect(lines.join('')).toBe('契約書契約書/契約書.pdf');
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(7);
  expect(foldText('契約', 1)).toBe('契\n約');
});

it('keeps the end of a path of wide letters', () => {
  expect(keepEnd('/結果/契約書.pdf', 9)).toBe('…約書.pdf');
  expect(widthOf(keepEnd('/結果/契約書.pdf', 9))).toBeLessThanOrEqual(9);
});

it('draws a table of wide letters no wider than the terminal', () => {
  const job: JobRecord = {
    schemaVersion: 1,
    id: '仕事一',
    workflowId: '契約書翻訳校正契約書翻訳校正契約書翻訳校正',
    state: 'completed',
    tags: [],
    createdAt: 0,
    updatedAt: 0,
    input: {},
    snapshot: null,
    files: [],
    retention: {},
    completed: { file: `/結果/${'契約書'.repeat(20)}.pdf`, bytes: 1, sha256: '' },
  };
  const lines = new JobsTable(60_000, 100).draw([summaryOf(job)]).split('\n');
  expect(lines.length).toBeGreaterThan(4);
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(100);
});
