import { useNow } from '../live/use-console.js';
import { span } from '../words/times.js';

/** How long until a time of the server's clock; readers of screens are told the time itself elsewhere. */
export function Countdown({ until }: { readonly until: number }) {
  const now = useNow();
  if (until <= now) return null;
  return (
    <span className="countdown" aria-hidden="true">
      {span(until - now)}
    </span>
  );
}
