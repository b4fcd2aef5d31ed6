import type { EmulatedSlot, EmulatorModel } from '../../../src/adapters/emulator/index.js';
import type { Clock } from '../../../src/engine/binding/clock.js';
import type { JobHandle } from '../../../src/engine/job/job-handle.js';
import type { InputRequest, JobCommand } from '../../../src/machines/job-events.js';
import type { SlotValue } from '../../../src/services/wire/wire-types.js';
import type { Person, Scenario } from './scenario.js';
import { rightValue, slotsOf, wrongValue } from './slot-values.js';
import { SLOT_NAMES } from './workflow-arbitrary.js';

/** Somebody at work on a job; what they said is kept, because some of it changes what is allowed. */
export interface AtWork {
  readonly said: readonly JobCommand['type'][];
  /** Forgets what they still meant to do. */
  leave(): void;
}

type Answer = Person['answers'][number];

function answerTo(
  request: InputRequest,
  how: Answer,
  known: ReadonlyMap<string, EmulatedSlot>,
  turn: number,
) {
  const asked = request.slots.map(({ slotId, type, options }): EmulatedSlot => {
    const spec = known.get(slotId);
    // As the request shows it: the same name may be asked for in another type at another checkpoint.
    const shown = { slotId, ...(options === undefined ? {} : { options }) };
    switch (type) {
      case 'number':
      case 'boolean':
      case 'enum':
      case 'list':
        return { ...shown, type };
      default:
        return spec ?? { slotId, type: 'text' };
    }
  });
  const wanted = how === 'partial' ? asked.slice(0, 1) : asked;
  const given = wanted.map(
    (slot) => [slot.slotId, how === 'wrong' ? wrongValue(slot) : rightValue(slot, turn)] as const,
  );
  return how === 'not-asked' ? { nobody_asked: 'this' } : Object.fromEntries(given);
}

const lastCreated = (model: EmulatorModel): string | undefined => {
  const effect = model.log.findLast(({ effect: changed }) => changed?.type === 'created')?.effect;
  return effect?.type === 'created' ? effect.jobSpecId : undefined;
};

/** Looks into the account, as the advice says. */
function decideUnknown(how: Person['onUnknown'][number], model: EmulatorModel): JobCommand {
  const found = lastCreated(model);
  if (how === 'detach') return { type: 'DETACH' };
  if (how === 'adopt-wrong') return { type: 'ADOPT', jobSpecId: 'job_999' };
  return how === 'adopt' && found !== undefined ? { type: 'ADOPT', jobSpecId: found } : { type: 'RETRY' };
}

const WHIM: Readonly<Record<string, SlotValue>> = Object.fromEntries([
  [SLOT_NAMES.first, 'a whim'],
  [SLOT_NAMES.mid, 3],
  [SLOT_NAMES.shared, ['x']],
]);

const whim = (command: Person['whims'][number]['command'], model: EmulatorModel): JobCommand => {
  if (command === 'SUBMIT_SLOTS') return { type: command, slots: WHIM };
  if (command === 'ADOPT') return { type: command, jobSpecId: lastCreated(model) ?? 'job_999' };
  return { type: command };
};

/** Answers a job as a scenario says: late, wrongly, not at all, out of turn. */
export function putToWork(scenario: Scenario, handle: JobHandle, model: EmulatorModel, clock: Clock): AtWork {
  const { person, workflow } = scenario;
  const known = slotsOf(workflow);
  const said: JobCommand['type'][] = [];
  const cancels = new Set<() => void>();
  const later = (afterMs: number, command: () => JobCommand): void => {
    const cancel = clock.schedule(clock.now() + afterMs, () => {
      cancels.delete(cancel);
      const words = command();
      said.push(words.type);
      handle.send(words);
    });
    cancels.add(cancel);
  };
  const answers = [...person.answers];
  const decisions = [...person.onUnknown];
  handle.on('inputNeeded', ({ request }) => {
    const how = answers.shift();
    if (how === undefined) return;
    const turn = answers.length;
    later(person.delayMs, () => ({ type: 'SUBMIT_SLOTS', slots: answerTo(request, how, known, turn) }));
  });
  handle.on('confirmNeeded', () => {
    if (person.confirms) later(person.delayMs, () => ({ type: 'CONFIRM' }));
  });
  handle.on('outcomeUnknown', () => {
    const how = decisions.shift();
    if (how !== undefined) later(person.delayMs, () => decideUnknown(how, model));
  });
  for (const { afterMs, command } of person.whims) later(afterMs, () => whim(command, model));
  return {
    said,
    leave: () => {
      for (const cancel of cancels) cancel();
    },
  };
}
