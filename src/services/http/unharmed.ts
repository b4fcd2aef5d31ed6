/** Calls an observer of the host (logger, budget). Its errors are ignored, because the request was already sent. */
export function unharmed<Value>(work: () => Value, otherwise: Value): Value {
  try {
    return work();
  } catch {
    return otherwise;
  }
}
