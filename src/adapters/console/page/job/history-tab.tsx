import { Fragment } from 'react';
import type { HistoryEntry } from '../../../../engine/job/source/lane-source.js';
import { eventInWords, pathIn } from '../words/event-words.js';
import { folded } from '../words/folded.js';
import { clockTime, span } from '../words/times.js';

/** The number of rows that are rendered at once. */
const SHOWN = 500;
const IDLE_MS = 60_000;

interface HistoryTabProps {
  readonly entries: readonly HistoryEntry[];
  readonly isRead: boolean;
  readonly onEarlier?: () => void;
}

/** The history in words, newest first. */
export function HistoryTab({ entries, isRead, onEarlier }: HistoryTabProps) {
  const shown = folded(entries).slice(-SHOWN).reverse();
  if (shown.length === 0)
    return <p className="soft">{isRead ? 'Nothing has happened yet.' : 'Reading what happened…'}</p>;
  return (
    <>
      <ol className="history" aria-label="What happened, the newest first">
        {shown.map((entry, index) => {
          const gap = entry.at - (shown[index + 1]?.at ?? entry.at);
          return (
            <Fragment key={entry.seq}>
              <li data-seq={entry.seq}>
                <time dateTime={new Date(entry.at).toISOString()}>{clockTime(entry.at)}</time>{' '}
                <span dir="auto">{eventInWords(entry)}</span>{' '}
                {entry.type === 'moved' && <code className="soft">{pathIn(entry.about)}</code>}
              </li>
              {gap > IDLE_MS && <li className="soft idle">Nothing for {span(gap)}</li>}
            </Fragment>
          );
        })}
      </ol>
      {onEarlier !== undefined && (
        <button type="button" className="button" onClick={onEarlier}>
          Earlier
        </button>
      )}
    </>
  );
}
