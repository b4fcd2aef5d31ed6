import type { SentAnswer } from '../../wire/row.js';
import type { Draft } from '../live/drafts.js';
import { useNow } from '../live/use-console.js';
import { stepInWords } from '../words/headline.js';
import { timeInWords } from '../words/times.js';

interface SentNoteProps {
  readonly sent: SentAnswer;
  readonly typed: Draft;
}

function Values({ values }: { readonly values: Readonly<Record<string, unknown>> }) {
  return (
    <dl className="facts">
      {Object.entries(values).map(([slotId, value]) => (
        <div key={slotId}>
          <dt>{stepInWords(slotId)}</dt>
          <dd dir="auto">{String(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Shows what was answered elsewhere, and what was typed here meanwhile. */
export function SentNote({ sent, typed }: SentNoteProps) {
  const now = useNow(false);
  const unsent = Object.entries(typed).filter(
    ([slotId, words]) => words !== '' && words !== String(sent.slots[slotId] ?? ''),
  );
  return (
    <section className="card" role="status">
      <p>This was answered in another window at {timeInWords(sent.at, now)}. Here is what was sent.</p>
      <Values values={sent.slots} />
      {unsent.length > 0 && (
        <>
          <p>What you have typed here was not sent:</p>
          <Values values={Object.fromEntries(unsent)} />
        </>
      )}
    </section>
  );
}
