import type { SentAnswer } from '../../wire/row.js';
import { useNow } from '../live/use-console.js';
import { stepInWords } from '../words/headline.js';
import { timeInWords } from '../words/times.js';

/** Shows what was answered elsewhere while somebody was typing here. */
export function SentNote({ sent }: { readonly sent: SentAnswer }) {
  const now = useNow(false);
  return (
    <section className="card" role="status">
      <p>This was answered in another window at {timeInWords(sent.at, now)}. Here is what was sent.</p>
      <dl className="facts">
        {Object.entries(sent.slots).map(([slotId, value]) => (
          <div key={slotId}>
            <dt>{stepInWords(slotId)}</dt>
            <dd dir="auto">{String(value)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
