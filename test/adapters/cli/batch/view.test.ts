import { describe, expect, it } from 'vitest';
import { batchView, type ViewFacts } from '../../../../src/adapters/cli/batch/view/batch-view.js';
import { outcomeTable, type ShownOutcome } from '../../../../src/adapters/cli/batch/view/outcome-table.js';
import { widthOf } from '../../../../src/adapters/cli/say/text-width.js';
import type { JobView } from '../../../../src/engine/job/source/job-view.js';

const NOW = Date.UTC(2026, 2, 30, 12);

const view = (progress: number): JobView => ({
  state: 'executing',
  path: 'executing.waiting',
  tags: [],
  progress,
  currentStep: 'generating_output',
  files: [],
  retention: {},
});

const jobs = ['job-1', 'ein-langer-name-日本語-und-noch-mehr-davon', 'job-3', 'job-4', 'job-5', 'job-6'].map(
  (id, at) => ({ id, workflowId: 'w', phase: 'running' as const, view: view(at * 10), ageMs: 61_000 }),
);

const facts = (columns: number, rows: number): ViewFacts => ({
  columns,
  rows,
  now: NOW,
  jobs,
  counts: {
    total: 200,
    saved: 20,
    failed: 1,
    left: 0,
    toStart: 173,
    phases: { running: 6, place: 0, person: 0, reset: 0 },
  },
  rest: { durations: new Map(), running: [], toStart: new Map([['w', 173]]) },
  budget: {
    endpoints: { create: { limit: 500, remaining: 479, resetAt: NOW + 40_000_000 } },
    statusReads: {
      limit: 300,
      remaining: 280,
      resetAt: NOW + 50_000,
      windowMs: 60_000,
      kind: 'fixed',
      share: 1,
    },
    places: { limit: 20, taken: 6, waiting: 0 },
  },
});

describe('the screen of a batch', () => {
  it.each(
    [20, 30, 40, 60, 80, 120].flatMap((columns) => [4, 5, 8, 12, 30].map((rows) => [columns, rows] as const)),
  )('fits %i columns and %i rows, with jobs and the whole', (columns, rows) => {
    const lines = batchView(facts(columns, rows));
    expect(lines.length).toBeLessThan(rows);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    expect(lines.join('\n')).toMatch(/^job-1 /);
    // What a job does is seen, whatever the width.
    expect(lines[0]).toMatch(/ exec/);
    expect(lines.join('\n')).toContain('21 of 200 (10 %)');
    if (rows >= 12) expect(lines.filter((line) => line.startsWith('job-')).length).toBeGreaterThan(1);
    if (rows >= 8) expect(lines.join(' ')).toMatch(/20 done.*Time left/);
  });
});

describe('the table at the end of a batch', () => {
  const outcomes: ShownOutcome[] = [
    {
      id: 'job-1',
      state: 'completed',
      bytes: 1_234_567,
      seconds: 95,
      file: `/home/${'a/'.repeat(60)}job-1/output.zip`,
    },
    {
      id: jobs[1]?.id ?? '',
      state: 'detached',
      seconds: 2,
      message: 'The server or the network cannot be used: nothing answers',
    },
  ];

  it.each([10, 20, 30, 40, 50, 60, 80, 120, 300])('fits %i columns', (columns) => {
    const lines = outcomeTable(outcomes, columns);
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns);
    const text = lines.join('\n');
    expect(text).toMatch(/out|\.zip/);
    if (columns >= 20) expect(text).toMatch(/completed[\s\S]*detached/);
    expect(text.includes('│')).toBe(columns >= 80);
  });
});
