import { useNow } from '../live/use-console.js';
import { span } from '../words/times.js';

/** The remaining time until a time of the server's clock. Screen readers get the time itself from elsewhere. */
export function Countdown({ until }: { readonly until: number }) {
  const now = useNow();
  if (until <= now) return null;
  return (
    <span className="countdown" aria-hidden="true">
      {span(until - now)}
    </span>
  );
}
