import type { LinePlan } from '../plan/plan-line.js';
import { bytesColumn, countsColumn, numbersColumn } from './column.js';
import { createPlaceList } from './place-list.js';
import type { SpoolPlace } from './spool.js';

/** The part of a checked line that stays in memory; the rest is in the spool, as a `PlannedLine`. */
export interface CheckedLine {
  readonly line: number;
  readonly workflowId: string;
  readonly priority: number;
  readonly does: LinePlan['do'];
  readonly place: SpoolPlace;
}

/** The checked lines of a batch, some 29 bytes each, because there may be 100,000 of them and more. */
export interface LineTable extends Iterable<CheckedLine> {
  readonly size: number;
  add(line: CheckedLine): void;
  /** Lines without a job to follow, in the order of the manifest. */
  others(): Iterable<CheckedLine>;
  /** Lines with a job: those already on the server come first; then by priority, then in the order of the manifest. */
  jobs(): Iterable<CheckedLine>;
}

const DOES: readonly LinePlan['do'][] = ['start', 'resume', 'keep', 'leave'];

/** Words by number: there are few different ones. */
function createWords() {
  const words: string[] = [];
  const numbers = new Map<string, number>();
  return {
    word: (number: number): string => words[number] ?? '',
    numberOf(word: string): number {
      const known = numbers.get(word);
      if (known !== undefined) return known;
      numbers.set(word, words.length);
      return words.push(word) - 1;
    },
  };
}

/** The lines by index, a column for each field. */
function createColumns() {
  const [lines, workflows, priorities, plans] = [
    countsColumn(),
    countsColumn(),
    numbersColumn(),
    bytesColumn(),
  ];
  const places = createPlaceList();
  const words = createWords();
  const doesOf = (at: number): LinePlan['do'] => DOES[plans.get(at)] ?? 'start';
  return {
    doesOf,
    priorityOf: (at: number): number => priorities.get(at),
    lineAt: (at: number): CheckedLine => ({
      line: lines.get(at),
      workflowId: words.word(workflows.get(at)),
      priority: priorities.get(at),
      does: doesOf(at),
      place: places.get(at) ?? { offset: 0, bytes: 0 },
    }),
    set(at: number, { line, workflowId, priority, does, place }: CheckedLine): void {
      lines.set(at, line);
      workflows.set(at, words.numberOf(workflowId));
      priorities.set(at, priority);
      plans.set(at, DOES.indexOf(does));
      places.set(at, place);
    },
  };
}

export function createLineTable(): LineTable {
  const { doesOf, priorityOf, lineAt, set } = createColumns();
  let size = 0;

  const isJob = (at: number): boolean => doesOf(at) === 'start' || doesOf(at) === 'resume';
  function* those(fits: (at: number) => boolean): Generator<CheckedLine> {
    for (let at = 0; at < size; at += 1) if (fits(at)) yield lineAt(at);
  }
  const inOrder = (one: number, other: number): number =>
    Number(doesOf(other) === 'resume') - Number(doesOf(one) === 'resume') ||
    priorityOf(other) - priorityOf(one) ||
    one - other;
  return {
    get size() {
      return size;
    },
    add(line) {
      set(size, line);
      size += 1;
    },
    [Symbol.iterator]: () => those(() => true),
    others: () => those((at) => !isJob(at)),
    *jobs() {
      const all = Uint32Array.from({ length: size }, (_, at) => at);
      for (const at of all.filter(isJob).sort(inOrder)) yield lineAt(at);
    },
  };
}
