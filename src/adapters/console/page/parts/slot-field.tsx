import { useId } from 'react';
import type { SlotDefinition, SlotValue } from '../../../../services/wire/wire-types.js';
import { stepInWords } from '../words/headline.js';

interface SlotFieldProps {
  readonly slot: SlotDefinition;
  /** The text as it was typed. */
  readonly typed: string;
  readonly error?: string;
  readonly onType: (typed: string) => void;
}

const LONG = /long|multi|area|markdown|paragraph/i;
const NUMBER = /^(number|integer|int|float|decimal)$/i;
const BOOLEAN = /^bool/i;
const LIST = /list|array|multi_?select|tags/i;
const MOST_RADIOS = 5;

type Kind = 'radio' | 'select' | 'number' | 'boolean' | 'list' | 'long' | 'text';

/** Unknown types are edited as text. */
export function kindOf({ type, options }: SlotDefinition): Kind {
  if (LIST.test(type)) return 'list';
  if (options !== undefined && options.length > 0) return options.length <= MOST_RADIOS ? 'radio' : 'select';
  if (BOOLEAN.test(type)) return 'boolean';
  if (NUMBER.test(type)) return 'number';
  return LONG.test(type) ? 'long' : 'text';
}

/** Converts typed text to a value of the slot; undefined if nothing was typed. */
export function slotValueOf(slot: SlotDefinition, typed: string): SlotValue | undefined {
  if (typed.trim() === '') return undefined;
  switch (kindOf(slot)) {
    case 'list':
      return typed
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '');
    case 'radio':
    case 'select':
      return slot.options?.find((option) => String(option) === typed) ?? typed;
    case 'boolean':
      return typed === 'true';
    case 'number':
      return Number.isFinite(Number(typed)) ? Number(typed) : typed;
    default:
      return typed;
  }
}

export const typedOf = (value: SlotValue | undefined): string =>
  value === undefined || value === null
    ? ''
    : Array.isArray(value)
      ? value.map(String).join('\n')
      : String(value);

export const labelOf = ({ label, slotId }: SlotDefinition): string => label ?? stepInWords(slotId);

function Choices({ slot, typed, onType, id, describedBy, isInvalid }: SlotFieldProps & ControlProps) {
  const isBoolean = kindOf(slot) === 'boolean';
  const options = isBoolean
    ? [
        ['true', 'Yes'],
        ['false', 'No'],
      ]
    : (slot.options ?? []).map((option) => [String(option), String(option)]);
  return (
    <div className="choices">
      {options.map(([value = '', label], index) => (
        <label key={value}>
          <input
            type="radio"
            id={index === 0 ? id : undefined}
            name={id}
            value={value}
            checked={typed === value}
            aria-describedby={describedBy}
            aria-invalid={isInvalid}
            onChange={() => onType(value)}
          />
          <bdi>{label}</bdi>
        </label>
      ))}
    </div>
  );
}

interface ControlProps {
  readonly id: string;
  readonly describedBy: string | undefined;
  readonly isInvalid: boolean;
}

function Control(props: SlotFieldProps & ControlProps) {
  const { slot, typed, onType, id, describedBy, isInvalid } = props;
  const kind = kindOf(slot);
  const shared = { id, 'aria-describedby': describedBy, 'aria-invalid': isInvalid, value: typed };
  if (kind === 'radio' || kind === 'boolean') return <Choices {...props} />;
  if (kind === 'select')
    return (
      <select {...shared} onChange={({ target }) => onType(target.value)}>
        <option value="">Choose…</option>
        {slot.options?.map((option) => (
          <option key={String(option)} value={String(option)}>
            {String(option)}
          </option>
        ))}
      </select>
    );
  if (kind === 'long' || kind === 'list' || typed.includes('\n') || typed.length > 80)
    return <textarea {...shared} rows={3} dir="auto" onChange={({ target }) => onType(target.value)} />;
  return (
    <input
      {...shared}
      type="text"
      inputMode={kind === 'number' ? 'decimal' : undefined}
      dir="auto"
      autoComplete="off"
      onChange={({ target }) => onType(target.value)}
    />
  );
}

interface NotesProps {
  readonly id: string;
  readonly hint: string | undefined;
  readonly error: string | undefined;
}

function Notes({ id, hint, error }: NotesProps) {
  return (
    <>
      {hint !== undefined && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p className="error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </>
  );
}

/** The field for one value that a workflow requests. */
export function SlotField(props: SlotFieldProps) {
  const { slot, error } = props;
  const id = useId();
  const kind = kindOf(slot);
  const isGroup = kind === 'radio' || kind === 'boolean';
  const hint = slot.description ?? (kind === 'list' ? 'One on each line' : undefined);
  const described = [hint === undefined ? '' : `${id}-hint`, error === undefined ? '' : `${id}-error`].filter(
    Boolean,
  );
  const label = (
    <>
      <bdi>{labelOf(slot)}</bdi>
      {!slot.required && <span className="soft"> (optional)</span>}
    </>
  );
  const control = (
    <Control
      {...props}
      id={id}
      describedBy={described.length === 0 ? undefined : described.join(' ')}
      isInvalid={error !== undefined}
    />
  );
  const notes = <Notes id={id} hint={hint} error={error} />;
  if (isGroup)
    return (
      <fieldset className="field" data-slot={slot.slotId}>
        <legend>{label}</legend>
        {notes}
        {control}
      </fieldset>
    );
  return (
    <div className="field" data-slot={slot.slotId}>
      <label htmlFor={id}>{label}</label>
      {notes}
      {control}
    </div>
  );
}

/** Moves the focus to the field of a slot. */
export function focusSlot(form: HTMLElement | null, slotId: string): void {
  const field = form?.querySelector(`[data-slot="${CSS.escape(slotId)}"]`);
  const control = field?.querySelector('input:checked, input, select, textarea');
  if (control instanceof HTMLElement) control.focus();
}
