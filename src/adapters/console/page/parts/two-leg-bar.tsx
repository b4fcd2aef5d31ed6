interface TwoLegBarProps {
  readonly name: string;
  readonly bytes: number;
  /** Bytes that are on this computer's side of the way: what the browser has handed over. */
  readonly copied: number;
  /** Bytes that have left for Convilyn. */
  readonly sent: number;
}

/** The whole way of a file in one bar: from the browser to goal-lane, and from there to Convilyn. It never goes back. */
export function TwoLegBar({ name, bytes, copied, sent }: TwoLegBarProps) {
  // An empty file has a way, too.
  const whole = Math.max(1, bytes);
  const done = bytes === 0 && copied >= bytes ? whole : Math.min(copied, whole);
  return (
    <progress
      max={2 * whole}
      value={done + Math.min(sent, whole)}
      aria-label={`${name}: on its way to Convilyn`}
    />
  );
}
