import type { SlotConflict } from '../../../../machines/job-events.js';
import type { SlotDefinition, SlotValue } from '../../../../services/wire/wire-types.js';
import { labelOf, typedOf } from '../parts/slot-field.js';

interface ConflictsProps {
  readonly conflicts: readonly SlotConflict[];
  /** Of the same question, for their labels. */
  readonly slots: readonly SlotDefinition[];
  readonly onPick: (slotId: string, value: SlotValue) => void;
}

/** Somebody else has sent different values meanwhile: shows both side by side. */
export function Conflicts({ conflicts, slots, onPick }: ConflictsProps) {
  if (conflicts.length === 0) return null;
  const labelFor = (slotId: string): string =>
    labelOf(slots.find((slot) => slot.slotId === slotId) ?? { slotId, type: 'text', required: true });
  return (
    <>
      <p>Somebody else has sent a different answer meanwhile. Which one do you want to send?</p>
      {conflicts.map(({ slotId, ours, theirs }) => (
        <fieldset className="conflict" key={slotId}>
          <legend>
            <bdi>{labelFor(slotId)}</bdi>
          </legend>
          {(
            [
              ['Yours', ours, 'Use mine'],
              ['Already there', theirs, 'Use theirs'],
            ] as const
          ).map(([title, value, action]) => (
            <div className="side" key={title}>
              <h3>{title}</h3>
              <p dir="auto">{typedOf(value)}</p>
              <button type="button" className="button" onClick={() => onPick(slotId, value)}>
                {action}
              </button>
            </div>
          ))}
        </fieldset>
      ))}
    </>
  );
}
