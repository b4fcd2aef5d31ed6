import type { HistoryEntry } from '../../../../engine/job/source/lane-source.js';
import { pathIn } from './event-words.js';

const ENDS: readonly string[] = ['completed', 'failed', 'detached'];

/** A read that says nothing but that the job continues, or has ended. */
const isEmpty = ({ type, about }: HistoryEntry): boolean =>
  type === 'moved'
    ? pathIn(about).endsWith('.reading')
    : type === 'progress' && about.progress === undefined && about.currentStep === undefined;

/** An event says the same as the change of state beside it. */
const isSaidTwice = (entry: HistoryEntry, types: ReadonlySet<string>): boolean =>
  entry.type === 'moved'
    ? ENDS.includes(pathIn(entry.about)) && types.has(pathIn(entry.about))
    : entry.type === 'inputNeeded';

/** One line for each thing that happened: progress that is followed by progress, and what is said twice, is one. */
export function folded(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const types = new Set<string>(entries.map(({ type }) => type));
  const told = entries.filter((entry) => !isEmpty(entry) && !isSaidTwice(entry, types));
  let path = '';
  return told.filter(({ type, about }, index) => {
    if (type === 'progress') return told[index + 1]?.type !== type;
    if (type !== 'moved') return true;
    const isAgain = pathIn(about) === path;
    path = pathIn(about);
    return !isAgain;
  });
}
