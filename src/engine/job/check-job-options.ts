import type { JobOptions, RetryLimits } from '../../machines/job-input.js';
import { readGivenSlots, SLOT_VALUE_IN_WORDS, valueShown } from '../../machines/question/slot-value.js';
import { defined } from '../../services/defined.js';
import { refuseInput } from '../../services/refuse-input.js';

/** The allowed values of an option, in words and as a test. */
interface Rule {
  readonly allowed: string;
  /** The error for a value, if it is not allowed. */
  readonly complaint: (value: unknown) => string | undefined;
}

const rule = (allowed: string, isAllowed: (value: unknown) => boolean): Rule => ({
  allowed,
  complaint: (value) => (isAllowed(value) ? undefined : `is ${valueShown(value)}`),
});

const oneOf = <Word extends string>(...words: readonly Word[]): Rule =>
  rule(words.map((word) => `'${word}'`).join(' or '), (value) => words.some((word) => word === value));

const numberFrom = (least: number, unit: string): Rule =>
  rule(`a number${unit} from ${least}`, (value) => Number.isFinite(value) && Number(value) >= least);

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const slotValues: Rule = {
  allowed: `an object: slotId → ${SLOT_VALUE_IN_WORDS}`,
  complaint(value) {
    const { complaints, isUnreadable } = readGivenSlots(value);
    const [first] = complaints;
    if (first === undefined) return undefined;
    if (!isRecord(value) || isUnreadable) return `is ${valueShown(value)}`;
    return `gives slot ${first.field.slice(0, 200)} a value that is ${valueShown(value[first.field])}`;
  },
};

const LIMITS: Readonly<Record<keyof RetryLimits, Rule>> = {
  baseMs: numberFrom(0, ' of ms'),
  capMs: numberFrom(0, ' of ms'),
  maxAttempts: rule('a whole number from 1', (value) => Number.isInteger(value) && Number(value) >= 1),
  maxTotalMs: numberFrom(0, ' of ms'),
};

const RULES: Readonly<Record<keyof JobOptions, Rule>> = {
  slots: slotValues,
  answers: slotValues,
  confirm: oneOf('auto', 'manual'),
  missingSlots: oneOf('ask', 'fail'),
  onUnknownOutcome: oneOf('ask', 'retry', 'fail'),
  onSlotConflict: oneOf('ask', 'ours', 'theirs'),
  emptyFiles: oneOf('refuse', 'allow'),
  repeatedFiles: oneOf('refuse', 'allow'),
  delivery: oneOf('save', 'link'),
  deadlineAt: rule('a time in epoch ms, or left out', Number.isFinite),
  retry: rule(`an object with any of ${Object.keys(LIMITS).join(', ')}`, isRecord),
};

const findingsIn = (
  values: Readonly<Record<string, unknown>>,
  rules: Readonly<Record<string, Rule>>,
  prefix = '',
): string[] =>
  Object.entries(rules).flatMap(([name, { allowed, complaint }]) => {
    const wrong = Object.hasOwn(values, name) ? complaint(values[name]) : undefined;
    return wrong === undefined ? [] : [`${prefix}${name} ${wrong}; allowed is ${allowed}`];
  });

/**
 * Validates the options of a job, because types do not protect a JavaScript host or a configuration file. Undefined options count
 * as missing.
 * @throws InvalidInputError that names each option and what is allowed
 */
export function checkJobOptions(options: object): void {
  const given = defined<{ readonly [name: string]: unknown }>({ ...options });
  // An undefined limit would replace the default, and the limit would never be reached.
  const limits = isRecord(given.retry) ? defined(given.retry) : {};
  const findings = [...findingsIn(given, RULES), ...findingsIn(limits, LIMITS, 'retry.')];
  if (findings.length === 0) return;
  refuseInput(findings, 'Fix the options and start again; nothing was sent.');
}
