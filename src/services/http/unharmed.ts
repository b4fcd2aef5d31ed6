/** What a host listens with (its logger, its budget) cannot undo a request that was sent: what it throws is its own. */
export function unharmed<Value>(work: () => Value, otherwise: Value): Value {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
