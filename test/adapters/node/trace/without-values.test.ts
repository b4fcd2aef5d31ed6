import { describe, expect, it } from 'vitest';
import { withoutSlotValues } from '../../../../src/adapters/node/trace/without-values.js';

const LEFT_OUT = '[left out]';

describe('a body without the values of its slots', () => {
  it.each([
    [
      { itemVersion: 2, slots: [{ slotId: 'tone', value: 'secret' }] },
      { itemVersion: 2, slots: [{ slotId: 'tone', value: LEFT_OUT }] },
    ],
    [{ slots: { tone: 'secret', more: ['secret'] } }, { slots: { tone: LEFT_OUT, more: [LEFT_OUT] } }],
    [{ filled_slots: { tone: { value: 'secret' } } }, { filled_slots: { tone: { value: LEFT_OUT } } }],
    [
      { required_slots: [{ slot_id: 'tone', type: 'enum', values: ['a'], current_value: 'secret' }] },
      { required_slots: [{ slot_id: 'tone', type: 'enum', values: LEFT_OUT, current_value: LEFT_OUT }] },
    ],
    [
      { checkpoint: { stepOutputPreview: 'shown', slots: [{ slotId: 'x', type: 'text', value: null }] } },
      { checkpoint: { stepOutputPreview: 'shown', slots: [{ slotId: 'x', type: 'text', value: null }] } },
    ],
    [
      { status: 'executing', progress: 3, value: 'kept' },
      { status: 'executing', progress: 3, value: 'kept' },
    ],
    [
      [{ slots: [] }, 'text'],
      [{ slots: [] }, 'text'],
    ],
  ])('leaves them out of %j', (body, shown) => {
    expect(withoutSlotValues(body)).toEqual(shown);
  });
});
