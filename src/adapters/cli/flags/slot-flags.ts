import type { SlotValue } from '../../../services/wire/wire-types.js';
import { UsageError } from '../ends/usage-error.js';
import { safeLine } from '../say/terminal-safe.js';

/**
 * Parses repeated `--slot id=value`. Everything after the first `=` is the value.
 * @throws UsageError
 */
export function parseSlotFlags(flags: readonly string[]): Readonly<Record<string, SlotValue>> {
  const slots = new Map<string, string>();
  for (const flag of flags) {
    const cut = flag.indexOf('=');
    const slotId = flag.slice(0, Math.max(cut, 0)).trim();
    if (slotId === '') {
      throw new UsageError(
        `--slot ${safeLine(flag)}: not of the form id=value`,
        'Write --slot tone=professional, with quotes where the value has spaces.',
      );
    }
    if (slots.has(slotId)) {
      throw new UsageError(
        `--slot ${safeLine(slotId)} is given twice`,
        'Give it once; a list of values that are used in turn goes into --answers.',
      );
    }
    slots.set(slotId, flag.slice(cut + 1));
  }
  return Object.fromEntries(slots);
}
