type Plain = Readonly<Record<string, unknown>>;
const isPlain = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Step names before record version 2 and their current names, by lifecycle state. */
const STEPS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  preparing: { arming: 'takingTicket' },
  pending: { pausing: 'awaitingTurn' },
  confirming: { requesting: 'sending', pausing: 'awaitingTurn' },
  executing: { pausing: 'awaitingTurn', refreshingVersion: 'readingAgain' },
  slot_needed: { pausing: 'awaitingTurn' },
};

const stepNow = (lifecycle: string, step: string): string => STEPS[lifecycle]?.[step] ?? step;

const CALLS: Readonly<Record<string, string>> = { requesting: 'sending', refreshingVersion: 'readingAgain' };

const callNow = (call: string): string => CALLS[call] ?? call;

const INVOKED = /^(\d+\.goalJob)\.(\w+)\.(\w+)$/;

/** XState names a child after the state that invoked it. */
const childNow = (id: string): string => {
  const [, prefix, lifecycle = '', step = ''] = INVOKED.exec(id) ?? [];
  return prefix === undefined ? id : `${prefix}.${lifecycle}.${stepNow(lifecycle, step)}`;
};

const withKeys = (given: Plain, keyNow: (key: string) => string): Plain =>
  Object.fromEntries(Object.entries(given).map(([key, value]) => [keyNow(key), value]));

/** Before record version 3, a question whose slots are unknown had the field `isUntold`. */
const questionNow = (question: Plain): Plain =>
  'isUntold' in question
    ? withKeys(question, (key) => (key === 'isUntold' ? 'hasUnknownSlots' : key))
    : question;

function contextNow(context: Plain): Plain {
  const { interrupted, setbacks, question, answered } = context;
  return {
    ...context,
    ...(isPlain(question) ? { question: questionNow(question) } : {}),
    ...(isPlain(answered) && isPlain(answered.question)
      ? { answered: { ...answered, question: questionNow(answered.question) } }
      : {}),
    ...(typeof interrupted === 'string' ? { interrupted: callNow(interrupted) } : {}),
    ...(isPlain(setbacks) ? { setbacks: withKeys(setbacks, callNow) } : {}),
  };
}

/** Before record version 3, a job without a deadline had an actor that waited forever. The current chart has no such child. */
export function withoutIdleDeadline(snapshot: unknown): unknown {
  if (!isPlain(snapshot) || !isPlain(snapshot.children)) return snapshot;
  const { context, children } = snapshot;
  const input = isPlain(context) ? context.input : undefined;
  if (isPlain(input) && input.deadlineAt !== undefined) return snapshot;
  const { deadline: _, ...others } = children;
  return { ...snapshot, children: others };
}

/** Converts a persisted snapshot, from this release or an older one, to the current state and field names. */
export function withCurrentNames(snapshot: unknown): unknown {
  if (!isPlain(snapshot)) return snapshot;
  const { value, context, children } = snapshot;
  const [lifecycle = '', step] = isPlain(value) ? (Object.entries(value)[0] ?? []) : [];
  return {
    ...snapshot,
    ...(typeof step === 'string' ? { value: { [lifecycle]: stepNow(lifecycle, step) } } : {}),
    ...(isPlain(context) ? { context: contextNow(context) } : {}),
    ...(isPlain(children) ? { children: withKeys(children, childNow) } : {}),
  };
}
