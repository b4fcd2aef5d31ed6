import type { JobRow } from '../../wire/row.js';
import { isOver } from '../words/headline.js';

export type Filter = 'all' | 'needs' | 'running' | 'waiting' | 'ended';

export const FILTERS: readonly (readonly [Filter, string])[] = [
  ['all', 'All'],
  ['needs', 'Needs you'],
  ['running', 'Running'],
  ['waiting', 'Waiting'],
  ['ended', 'Ended'],
];

const WAITS: readonly string[] = ['place', 'limit', 'try', 're-read'];

/** The group of a job; each job is in exactly one. */
export function groupOf({ view, isStored, driver }: JobRow): Exclude<Filter, 'all'> {
  if (isOver(view)) return 'ended';
  if (view.needs !== undefined) return 'needs';
  return (isStored && driver === undefined) || WAITS.includes(view.wait?.for ?? '') ? 'waiting' : 'running';
}

export const countsOf = (rows: readonly JobRow[]): Readonly<Record<Filter, number>> => {
  const counts = { all: rows.length, needs: 0, running: 0, waiting: 0, ended: 0 };
  for (const row of rows) counts[groupOf(row)] += 1;
  return counts;
};

/** First what needs a person, then the newest. */
export const inOrder = (rows: readonly JobRow[]): readonly JobRow[] =>
  [...rows].sort((a, b) => {
    const first = Number(groupOf(b) === 'needs') - Number(groupOf(a) === 'needs');
    return first !== 0 ? first : b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
  });

export function matches(row: JobRow, filter: Filter, search: string, name: string): boolean {
  if (filter !== 'all' && groupOf(row) !== filter) return false;
  const words = search.trim().toLowerCase();
  if (words === '') return true;
  const { view, id } = row;
  const text = [name, id, view.jobSpecId ?? '', view.state, ...view.files.map((file) => file.name)].join(' ');
  return text.toLowerCase().includes(words);
}
