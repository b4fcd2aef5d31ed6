import type { RequestEntry } from '../../wire/row.js';
import { clockTime } from '../words/times.js';

const versionOf = ({ itemVersionSent, itemVersionGot }: RequestEntry): string => {
  if (itemVersionSent === undefined && itemVersionGot === undefined) return '';
  return `${itemVersionSent ?? '–'} to ${itemVersionGot ?? '–'}`;
};

function RequestLine({ entry }: { readonly entry: RequestEntry }) {
  const { at, method, path, status, ms, limit } = entry;
  return (
    <tr className={(status ?? 599) >= 400 ? 'bad-row' : undefined}>
      <td>{clockTime(at)}</td>
      <td>
        <code>
          {method} {path}
        </code>
      </td>
      <td>{status ?? 'no answer'}</td>
      <td>{Math.round(ms)}</td>
      <td>{versionOf(entry)}</td>
      <td>{limit?.remaining ?? ''}</td>
    </tr>
  );
}

interface RequestsTabProps {
  /** Undefined until they are read; null if other processes send them. */
  readonly requests: readonly RequestEntry[] | null | undefined;
}

/** The requests to Convilyn for this job, with the item versions sent and received. */
export function RequestsTab({ requests }: RequestsTabProps) {
  if (requests === undefined) return <p className="soft">Reading the requests…</p>;
  if (requests === null)
    return (
      <p className="soft">
        The workers send the requests of this job. They are not shown here, but in their own logs.
      </p>
    );
  if (requests.length === 0)
    return (
      <p className="soft">
        No request of this job since goal-lane was started. Requests are kept in memory only.
      </p>
    );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also by the keyboard
    <section className="scroll" tabIndex={0} aria-label="Requests">
      <table>
        <thead>
          <tr>
            <th scope="col">At</th>
            <th scope="col">Request</th>
            <th scope="col">Status</th>
            <th scope="col">ms</th>
            <th scope="col">Version sent, got</th>
            <th scope="col">Limit left</th>
          </tr>
        </thead>
        <tbody>
          {[...requests].reverse().map((entry) => (
            <RequestLine key={entry.seq} entry={entry} />
          ))}
        </tbody>
      </table>
    </section>
  );
}
