import { describe, expect, it } from 'vitest';
import { withBatchSite } from './batch-site.js';

const TEN_MISTAKES = [
  '{"workflowId":"goal_lane.nope","files":["a.txt"]}',
  '{"workflowId":"goal_lane.translation","files":["missing.txt"],"slots":{"target_language":"de"}}',
  '{"workflowId":"goal_lane.translation","files":["a.exe"],"slots":{"target_language":"de"}}',
  '{"workflowId":"goal_lane.translation","files":["a.txt"],"slots":{"target_language":"xx"}}',
  '{"workflowId":"goal_lane.translation","files":["a.txt"],"slots":{"target_langage":"de"}}',
  '{"workflowId":"goal_lane.translation","files":["a.txt"],"slot":{"target_language":"de"}}',
  '{"workflowId":"goal_lane.translation","files":["a.txt"],"slots":{"target_language":"de"},"id":"../a"}',
  '{"workflowId":"goal_lane.translation","files":["a.txt"],"slots":{"target_language":"de"},"priority":"high"}',
  'workflow = translation',
  '{"workflowId":"goal_lane.translation","files":["empty.txt"],"slots":{"target_language":"de"}}',
  '{"workflowId":"goal_lane.translation","files":["a.txt"],"slots":{"target_language":"de"},"id":"well"}',
];

const FIELDS: readonly (readonly [line: number, field: RegExp, rule: RegExp])[] = [
  [1, /^workflowId$/, /goal_lane\.nope is not in the catalog/],
  [2, /^files$/, /missing\.txt: it does not exist/],
  [3, /^files$/, /a\.exe: its extension is not one of \.pdf/],
  [4, /^slots\.target_language$/, /is "xx"; allowed is "de" or "fr" or "ja"/],
  [5, /^slots$/, /target_langage: unknown/],
  [6, /^slot$/, /no such field.*did you mean slots/],
  [7, /^id$/, /is "\.\.\/a"; allowed is/],
  [8, /^priority$/, /is "high"; allowed is a number/],
  [9, /^$/, /is not JSON/],
  [10, /^files$/, /empty\.txt: it is empty/],
];

describe('a manifest with ten mistakes', () => {
  it('is refused with all of them, each with line, field and rule, and nothing is sent but a look at the catalog', () =>
    withBatchSite(async ({ place, emulator }) => {
      for (const name of ['a.txt', 'a.exe']) place.file(name);
      place.file('empty.txt', '');
      place.file('jobs.jsonl', TEN_MISTAKES.join('\n'));
      const told = await place.run(['batch', 'jobs.jsonl', '--json']);
      expect(told.code).toBe(2);
      const { type, exitCode, findings } = told.last();
      expect([type, exitCode]).toEqual(['error', 2]);
      for (const [line, field, rule] of FIELDS)
        expect(findings).toContainEqual({
          line,
          field: expect.stringMatching(field),
          rule: expect.stringMatching(rule),
        });
      expect(JSON.stringify(findings)).not.toContain('"line":11');
      const shown = await place.run(['batch', 'jobs.jsonl']);
      for (const [line, , rule] of FIELDS)
        expect(shown.stderr).toMatch(new RegExp(`line ${line}\\b.*${rule.source}`));
      expect(new Set(emulator.log.map(({ endpoint }) => endpoint))).toEqual(new Set(['catalog']));
    }));

  it('reports the mistakes of a CSV by line, too, and those of its header', () =>
    withBatchSite(async ({ place }) => {
      place.file('a.txt');
      const header = 'workflowId,files,id,slot.target_language,priority\r\n';
      const rows = [
        'goal_lane.translation,"a.txt",,de,',
        ',a.txt,"two\nlines",de,',
        'goal_lane.translation,b.txt,,de,x',
      ];
      place.file('jobs.csv', header + rows.join('\r\n'));
      const { findings } = (await place.run(['batch', 'jobs.csv', '--json'])).last();
      expect(findings).toEqual([
        { line: 3, field: 'workflowId', rule: expect.stringMatching(/^is undefined/) },
        { line: 3, field: 'id', rule: expect.any(String) },
        { line: 5, field: 'priority', rule: expect.stringMatching(/^is "x"/) },
        { line: 5, field: 'files', rule: expect.stringMatching(/does not exist/) },
      ]);
      place.file('head.csv', 'workflow,files\nx,a.txt\n');
      const head = (await place.run(['batch', 'head.csv', '--json'])).last();
      expect(head.findings).toEqual([
        { line: 1, field: 'workflow', rule: expect.stringMatching(/no such column/) },
        { line: 1, field: 'workflowId', rule: expect.stringMatching(/missing/) },
      ]);
    }));

  it('asks for values that are missing with code 3 where that is all', () =>
    withBatchSite(async ({ place, creates }) => {
      place.file('a.txt');
      const told = await place.run(['batch', '--workflow', 'goal_lane.translation', 'a.txt', '--json']);
      expect([told.code, told.last().exitCode]).toEqual([3, 3]);
      expect(told.last().findings).toEqual([
        expect.objectContaining({ line: 1, field: 'slots', isInputNeeded: true }),
      ]);
      expect(creates()).toBe(0);
    }));
});
