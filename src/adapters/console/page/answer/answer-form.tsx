import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { SlotsAnswer } from '../../../../engine/job/source/slots-answer.js';
import type { InputRequest } from '../../../../machines/job-events.js';
import { slotIn } from '../../../../machines/question/slot-value.js';
import { defined } from '../../../../services/defined.js';
import type { SlotDefinition, SlotValue } from '../../../../services/wire/wire-types.js';
import { questionKey } from '../../wire/events.js';
import { wordsOf } from '../live/api.js';
import { type DraftHandle, typedIn, useDraft } from '../live/drafts.js';
import { useLost } from '../live/use-lost.js';
import { Preview } from '../parts/preview.js';
import { focusSlot, SlotField, slotValueOf, typedOf } from '../parts/slot-field.js';
import { Conflicts } from './conflicts.js';

type Values = Readonly<Record<string, SlotValue>>;

interface AnswerFormProps {
  readonly jobId: string;
  readonly request: InputRequest;
  readonly submit: (values: Values) => Promise<SlotsAnswer>;
  readonly onSent: (values: Values, answer: SlotsAnswer) => void;
}

const sentence = (count: number, all: number): string =>
  `Convilyn did not accept ${count} of ${all} ${all === 1 ? 'answer' : 'answers'}.`;

/** Under which what was typed is kept. */
export const answerDraft = (jobId: string, question: string): string => `answer ${jobId} ${question}`;

/** The slots to show: those that are missing or rejected, and all of a short list. */
const askedIn = ({ slots, missing, fieldErrors }: InputRequest): readonly SlotDefinition[] =>
  slots.filter(
    ({ slotId }) =>
      missing.includes(slotId) || fieldErrors.some(({ field }) => field === slotId) || slots.length < 8,
  );

interface Given {
  readonly slot: SlotDefinition;
  /** Undefined if nothing was typed. */
  readonly value: SlotValue | undefined;
}

const valuesOf = (given: readonly Given[]): Values =>
  Object.fromEntries(given.flatMap(({ slot, value }) => (value === undefined ? [] : [[slot.slotId, value]])));

/** Sends an answer, and keeps what was typed unless it was accepted. */
function useSending({ submit, onSent }: Pick<AnswerFormProps, 'submit' | 'onSent'>, clear: () => void) {
  const [error, setError] = useState('');
  const [isBusy, setBusy] = useState(false);
  const send = async (chosen: Values): Promise<void> => {
    setBusy(true);
    setError('');
    try {
      const answer = await submit(chosen);
      if (answer.status === 'accepted') clear();
      onSent(chosen, answer);
    } catch (failure) {
      setError(wordsOf(failure));
    } finally {
      setBusy(false);
    }
  };
  return { error, isBusy, send };
}

interface AlertsProps {
  readonly fieldErrors: InputRequest['fieldErrors'];
  readonly asked: readonly SlotDefinition[];
  /** Why the answer could not be sent, or empty. */
  readonly error: string;
}

/** What was rejected, with the messages about fields that are not shown. */
function Alerts({ fieldErrors, asked, error }: AlertsProps) {
  const elsewhere = fieldErrors.filter(({ field }) => !asked.some(({ slotId }) => slotId === field));
  return (
    <div role="alert">
      {fieldErrors.length > 0 && <p className="error">{sentence(fieldErrors.length, asked.length)}</p>}
      {elsewhere.map(({ field, message }) => (
        <p className="error" key={field}>
          {message}
        </p>
      ))}
      {error !== '' && <p className="error">{error}</p>}
    </div>
  );
}

interface AskedFieldsProps extends Pick<AlertsProps, 'fieldErrors' | 'asked'> {
  /** The slot that was left empty. */
  readonly empty: string | undefined;
  readonly typedFor: (slot: SlotDefinition) => string;
  readonly onType: DraftHandle['set'];
}

function AskedFields({ fieldErrors, asked, empty, typedFor, onType }: AskedFieldsProps) {
  const errorOf = (slotId: string): string | undefined =>
    slotId === empty ? 'This is missing.' : fieldErrors.find(({ field }) => field === slotId)?.message;
  return asked.map((slot) => (
    <SlotField
      key={slot.slotId}
      slot={slot}
      typed={typedFor(slot)}
      onType={(words) => onType(slot.slotId, words)}
      {...defined({ error: errorOf(slot.slotId) })}
    />
  ));
}

/** The form for an open question. Typed text survives every failure. */
export function AnswerForm({ jobId, request, submit, onSent }: AnswerFormProps) {
  const { draft, set, clear } = useDraft(answerDraft(jobId, questionKey(request)));
  const form = useRef<HTMLFormElement>(null);
  const [empty, setEmpty] = useState<string>();
  const { error, isBusy, send } = useSending({ submit, onSent }, clear);
  const { isLost, lostProps } = useLost(isBusy);
  const { fieldErrors, values } = request;
  const asked = askedIn(request);
  const typedFor = ({ slotId, value = slotIn(values, slotId) }: SlotDefinition): string =>
    typedIn(draft, slotId) ?? typedOf(value);
  const [firstBad] = fieldErrors;

  // The server has rejected another value: move the focus there.
  useEffect(() => {
    if (firstBad !== undefined) focusSlot(form.current, firstBad.field);
  }, [firstBad]);

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (isBusy || isLost) return;
    const given = asked.map((slot) => ({ slot, value: slotValueOf(slot, typedFor(slot)) }));
    const missing = given.find(({ slot, value }) => slot.required && value === undefined)?.slot.slotId;
    setEmpty(missing);
    if (missing !== undefined) focusSlot(form.current, missing);
    else void send(valuesOf(given));
  };

  const preview = request.checkpoint?.stepOutputPreview;
  return (
    <form ref={form} onSubmit={onSubmit} noValidate className="card needs-card">
      <h2>The workflow asks you something</h2>
      {preview !== undefined && <Preview text={preview} />}
      <Conflicts
        conflicts={request.conflicts}
        slots={request.slots}
        onPick={(slotId, value) => {
          set(slotId, typedOf(value));
          void send({ ...values, [slotId]: value });
        }}
      />
      <Alerts fieldErrors={fieldErrors} asked={asked} error={error} />
      <AskedFields fieldErrors={fieldErrors} asked={asked} empty={empty} typedFor={typedFor} onType={set} />
      <p className="actions">
        <button type="submit" className="button primary large" {...lostProps}>
          {isBusy ? 'Sending…' : 'Send the answer'}
        </button>
      </p>
    </form>
  );
}
