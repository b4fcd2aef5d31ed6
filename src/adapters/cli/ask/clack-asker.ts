import { confirm, isCancel, multiselect, select, text } from '@clack/prompts';
import { defined } from '../../../services/defined.js';
import type { Failure } from '../../../services/failure.js';
import type { SlotValue } from '../../../services/wire/wire-types.js';
import type { CliIo } from '../cli-io.js';
import type { Asker } from './asker.js';
import {
  generalComplaints,
  keptAsTyped,
  readTyped,
  type SlotQuestion,
  slotQuestions,
} from './slot-question.js';

type Terminal = Pick<CliIo, 'stdin' | 'stderr'>;
type Common = { input: CliIo['stdin']; output: CliIo['stderr']; signal: AbortSignal };
type Key = { readonly ctrl?: boolean; readonly name?: string };

/**
 * Gives each prompt its own signal: clack keeps listening to the signal after a prompt has ended, and would write to the terminal
 * again. A closed input (hang-up, ctrl-D) would leave it waiting forever.
 */
async function prompt<Value>(
  { stdin, stderr }: Terminal,
  outer: AbortSignal,
  ask: (common: Common) => Promise<Value | symbol>,
): Promise<Value | undefined> {
  const controller = new AbortController();
  const leave = (): void => controller.abort();
  const onKey = (_text: string | undefined, key: Key): void => {
    if (key?.ctrl === true && key.name === 'd') leave();
  };
  outer.addEventListener('abort', leave, { once: true });
  stdin.once('end', leave).on('keypress', onKey);
  if (outer.aborted) leave();
  try {
    const answer = await ask({ input: stdin, output: stderr, signal: controller.signal });
    // isCancel narrows only to its own symbol; there is no other.
    return isCancel(answer) || typeof answer === 'symbol' ? undefined : answer;
  } finally {
    outer.removeEventListener('abort', leave);
    stdin.off('end', leave).off('keypress', onKey);
  }
}

const LEFT = Symbol('left');
const SKIPPED = -1;
type Given = SlotValue | undefined | typeof LEFT;

async function askChoice(terminal: Terminal, question: SlotQuestion, signal: AbortSignal): Promise<Given> {
  const { message, options, kept } = question;
  const shown = options.map(({ label }, value) => ({ value, label }));
  const keptAt = options.findIndex(({ value }) => JSON.stringify(value) === JSON.stringify(kept));
  const chosen = await prompt<number>(terminal, signal, (common) =>
    select({
      ...common,
      message,
      options: question.isRequired ? shown : [...shown, { value: SKIPPED, label: '(none)' }],
      // Enter alone must not submit a value that was not chosen.
      ...(keptAt < 0 && question.isRequired ? {} : { initialValue: keptAt < 0 ? SKIPPED : keptAt }),
    }),
  );
  return chosen === undefined ? LEFT : options[chosen]?.value;
}

async function askChoices(terminal: Terminal, question: SlotQuestion, signal: AbortSignal): Promise<Given> {
  const { message, options, kept } = question;
  const before = Array.isArray(kept) ? kept.map((value) => JSON.stringify(value)) : [];
  const chosen = await prompt<number[]>(terminal, signal, (common) =>
    multiselect({
      ...common,
      message,
      options: options.map(({ label }, value) => ({ value, label })),
      initialValues: options.flatMap(({ value }, at) => (before.includes(JSON.stringify(value)) ? [at] : [])),
      required: question.isRequired,
    }),
  );
  if (chosen === undefined) return LEFT;
  return chosen.map((at) => options[at]?.value ?? null);
}

async function askYesNo(terminal: Terminal, question: SlotQuestion, signal: AbortSignal): Promise<Given> {
  const { message, kept } = question;
  const yes = await prompt<boolean>(terminal, signal, (common) =>
    confirm({ ...common, message, ...(typeof kept === 'boolean' ? { initialValue: kept } : {}) }),
  );
  return yes ?? LEFT;
}

async function askText(terminal: Terminal, question: SlotQuestion, signal: AbortSignal): Promise<Given> {
  const { message, isRequired } = question;
  const initialValue = keptAsTyped(question);
  const typed = await prompt<string>(terminal, signal, (common) =>
    text({
      ...common,
      message,
      ...defined({ initialValue }),
      ...(isRequired ? {} : { placeholder: 'Enter to leave it out' }),
      validate: (value) => {
        const read = readTyped(question, value ?? '');
        return read instanceof Error ? read : undefined;
      },
    }),
  );
  if (typed === undefined) return LEFT;
  const read = readTyped(question, typed);
  return read instanceof Error ? undefined : read;
}

const FORMS = {
  choice: askChoice,
  choices: askChoices,
  'yes-no': askYesNo,
  number: askText,
  list: askText,
  text: askText,
} as const;

async function askOutcome(terminal: Terminal, signal: AbortSignal): ReturnType<Asker['resolveUnknown']> {
  const choice = await prompt<'again' | 'adopt' | 'leave'>(terminal, signal, (common) =>
    select({
      ...common,
      message: 'It is not known whether the job was created. Look in your account, then:',
      options: [
        { value: 'leave', label: 'Leave it', hint: 'decide later' },
        { value: 'adopt', label: 'It exists: continue with its id' },
        {
          value: 'again',
          label: 'It certainly does not exist: create it',
          hint: 'if it does, there will be two',
        },
      ],
    }),
  );
  if (choice === undefined) return undefined;
  if (choice === 'again') return { type: 'RETRY' };
  if (choice === 'leave') return { type: 'DETACH' };
  const jobSpecId = await prompt<string>(terminal, signal, (common) =>
    text({
      ...common,
      message: 'The id of the job',
      validate: (value) => ((value ?? '').trim() === '' ? 'An id is needed' : undefined),
    }),
  );
  return jobSpecId === undefined ? undefined : { type: 'ADOPT', jobSpecId: jobSpecId.trim() };
}

/** Asks on the terminal: reads stdin, writes to stderr. */
export function createClackAsker(terminal: Terminal): Asker {
  return {
    async fillSlots(request, signal) {
      const given = new Map<string, SlotValue>();
      for (const complaint of generalComplaints(request)) terminal.stderr.write(`Refused: ${complaint}\n`);
      for (const question of slotQuestions(request)) {
        const value = await FORMS[question.form](terminal, question, signal);
        if (value === LEFT) return undefined;
        if (value !== undefined) given.set(question.slotId, value);
      }
      return Object.fromEntries(given);
    },
    mayStart: (signal) =>
      prompt<boolean>(terminal, signal, (common) => confirm({ ...common, message: 'Start the job?' })),
    resolveUnknown: (_failure: Failure, signal) => askOutcome(terminal, signal),
  };
}
