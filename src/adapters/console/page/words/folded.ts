import type { HistoryEntry } from '../../../../engine/job/source/lane-source.js';
import { pathIn } from './event-words.js';

const ENDS: readonly string[] = ['completed', 'failed', 'detached'];

/** Events that say the same as the change of state beside them, which is shown. */
const SAID_BY_STATE: readonly string[] = ['inputNeeded', 'confirmNeeded', 'outcomeUnknown'];

/** Waits of which the event says more: until when. */
const WAITS: Readonly<Record<string, HistoryEntry['type']>> = {
  rateLimited: 'rateLimited',
  backingOff: 'retrying',
};

/** A read that says nothing but that the job continues, or has ended. */
const isEmpty = ({ type, about }: HistoryEntry): boolean =>
  type === 'moved'
    ? pathIn(about).endsWith('.reading')
    : type === 'progress' && about.progress === undefined && about.currentStep === undefined;

/** An entry says the same as the one beside it. */
function isSaidTwice(entry: HistoryEntry, types: ReadonlySet<string>, beside: readonly string[]): boolean {
  if (entry.type !== 'moved') return SAID_BY_STATE.includes(entry.type);
  const path = pathIn(entry.about);
  const event = WAITS[path.split('.').at(-1) ?? ''];
  return (event !== undefined && beside.includes(event)) || (ENDS.includes(path) && types.has(path));
}

/** One line for each thing that happened: progress that is followed by progress, and what is said twice, is one. */
export function folded(entries: readonly HistoryEntry[]): readonly HistoryEntry[] {
  const types = new Set<string>(entries.map(({ type }) => type));
  const typeAt = (index: number): string => entries[index]?.type ?? '';
  const shown = entries.filter(
    (entry, index) => !isEmpty(entry) && !isSaidTwice(entry, types, [typeAt(index - 1), typeAt(index + 1)]),
  );
  let path = '';
  return shown.filter(({ type, about }, index) => {
    if (type === 'progress') return shown[index + 1]?.type !== type;
    if (type !== 'moved') return true;
    const isAgain = pathIn(about) === path;
    path = pathIn(about);
    return !isAgain;
  });
}
