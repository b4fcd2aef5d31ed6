import type { InspectionEvent } from 'xstate';
import { defined } from '../../services/defined.js';
import type { SnapshotMessage, VisibleStep } from './inspection-message.js';
import { fieldsOf, itemsOf } from './visible.js';
import { nameOf } from './visible-definition.js';
import { visibleValue } from './visible-snapshot.js';

type Microstep = Extract<InspectionEvent, { type: '@xstate.microstep' }>;

export interface StepCollector {
  readonly add: (event: Microstep) => void;
  /** Adds the steps since the actor's last snapshot to the message. */
  readonly attachTo: (message: SnapshotMessage) => SnapshotMessage;
}

/** XState's types do not include the transitions of a microstep, so they are read as unknown values. */
function stepOf(event: Microstep): VisibleStep | undefined {
  const { _transitions, snapshot } = fieldsOf(event);
  const transitions = itemsOf(_transitions).map(fieldsOf);
  const { value } = fieldsOf(snapshot);
  if (value === undefined || transitions.length === 0) return undefined;
  const guards = transitions.flatMap(({ guard }) => (guard === undefined ? [] : [nameOf(guard)]));
  const actions = transitions.flatMap((transition) => itemsOf(transition.actions)).map(nameOf);
  return {
    value: visibleValue(value),
    ...defined({ guard: guards[0], actions: actions.length > 0 ? actions : undefined }),
  };
}

/** Maximum number of steps kept per event; no event of this machine causes nearly as many. */
const MAX_STEPS = 20;

/** Stately's protocol has no transitions: ours are sent with the snapshot that they led to. */
export function createStepCollector(): StepCollector {
  const pending = new Map<string, VisibleStep[]>();
  return {
    add(event) {
      const step = stepOf(event);
      if (step === undefined) return;
      const { sessionId } = event.actorRef;
      pending.set(sessionId, [...(pending.get(sessionId) ?? []), step].slice(-MAX_STEPS));
    },
    attachTo(message) {
      const steps = pending.get(message.sessionId);
      pending.delete(message.sessionId);
      return steps === undefined ? message : { ...message, steps };
    },
  };
}
