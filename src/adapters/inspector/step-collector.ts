import type { InspectionEvent } from 'xstate';
import { defined } from '../../services/defined.js';
import type { SnapshotMessage, VisibleStep } from './inspection-message.js';
import { fieldsOf, itemsOf } from './visible.js';
import { nameOf } from './visible-definition.js';
import { visibleValue } from './visible-snapshot.js';

type Microstep = Extract<InspectionEvent, { type: '@xstate.microstep' }>;

export interface StepCollector {
  readonly add: (event: Microstep) => void;
  /** The steps since the actor's last snapshot go with the next. */
  readonly attachTo: (message: SnapshotMessage) => SnapshotMessage;
}

/** XState keeps the transitions of a microstep out of its types: they are read as what may be anything. */
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

/** Steps of one event that are kept; no event of this machine takes nearly as many. */
const MAX_STEPS = 20;

/** The protocol of Stately has no transitions: ours go along with the snapshot that they led to. */
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
