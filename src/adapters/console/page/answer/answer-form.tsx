import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { SlotsAnswer } from '../../../../engine/job/source/slots-answer.js';
import type { InputRequest } from '../../../../machines/job-events.js';
import { slotIn } from '../../../../machines/question/slot-value.js';
import type { SlotValue } from '../../../../services/wire/wire-types.js';
import { questionKey } from '../../wire/events.js';
import { wordsOf } from '../live/api.js';
import { typedIn, useDraft } from '../live/drafts.js';
import { useLost } from '../live/use-lost.js';
import { Preview } from '../parts/preview.js';
import { focusSlot, labelOf, SlotField, slotValueOf, typedOf } from '../parts/slot-field.js';
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

/** The form for an open question. Typed text survives every failure. */
export function AnswerForm({ jobId, request, submit, onSent }: AnswerFormProps) {
  const { draft, set, clear } = useDraft(answerDraft(jobId, questionKey(request)));
  const form = useRef<HTMLFormElement>(null);
  const [error, setError] = useState('');
  const [empty, setEmpty] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const { isLost, lostProps } = useLost(isBusy);
  const { slots, fieldErrors, conflicts, values } = request;
  const asked = slots.filter(
    ({ slotId }) =>
      request.missing.includes(slotId) ||
      fieldErrors.some(({ field }) => field === slotId) ||
      slots.length < 8,
  );
  const errorOf = (slotId: string): string | undefined =>
    slotId === empty ? 'This is missing.' : fieldErrors.find(({ field }) => field === slotId)?.message;
  const elsewhere = fieldErrors.filter(({ field }) => !asked.some(({ slotId }) => slotId === field));
  const typed = (slotId: string, value = slotIn(values, slotId)): string =>
    typedIn(draft, slotId) ?? typedOf(value);
  const [firstBad] = fieldErrors;

  // The server has rejected another value: move the focus there.
  useEffect(() => {
    if (firstBad !== undefined) focusSlot(form.current, firstBad.field);
  }, [firstBad]);

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

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (isBusy || isLost) return;
    const given = asked.map((slot) => [slot, slotValueOf(slot, typed(slot.slotId, slot.value))] as const);
    const missing = given.find(([slot, value]) => slot.required && value === undefined)?.[0].slotId;
    setEmpty(missing);
    if (missing !== undefined) focusSlot(form.current, missing);
    else
      void send(
        Object.fromEntries(
          given.flatMap(([{ slotId }, value]) => (value === undefined ? [] : [[slotId, value]])),
        ),
      );
  };

  const preview = request.checkpoint?.stepOutputPreview;
  return (
    <form ref={form} onSubmit={onSubmit} noValidate className="card needs-card">
      <h2>The workflow asks you something</h2>
      {preview !== undefined && <Preview text={preview} />}
      {conflicts.length > 0 && (
        <Conflicts
          conflicts={conflicts}
          labelFor={(slotId) =>
            labelOf(slots.find((slot) => slot.slotId === slotId) ?? { slotId, type: 'text', required: true })
          }
          onPick={(slotId, value) => {
            set(slotId, typedOf(value));
            void send({ ...values, [slotId]: value });
          }}
        />
      )}
      <div role="alert">
        {fieldErrors.length > 0 && <p className="error">{sentence(fieldErrors.length, asked.length)}</p>}
        {elsewhere.map(({ field, message }) => (
          <p className="error" key={field}>
            {message}
          </p>
        ))}
        {error !== '' && <p className="error">{error}</p>}
      </div>
      {asked.map((slot) => {
        const message = errorOf(slot.slotId);
        return (
          <SlotField
            key={slot.slotId}
            slot={slot}
            typed={typed(slot.slotId, slot.value)}
            onType={(words) => set(slot.slotId, words)}
            {...(message === undefined ? {} : { error: message })}
          />
        );
      })}
      <p className="actions">
        <button type="submit" className="button primary large" {...lostProps}>
          {isBusy ? 'Sending…' : 'Send the answer'}
        </button>
      </p>
    </form>
  );
}
