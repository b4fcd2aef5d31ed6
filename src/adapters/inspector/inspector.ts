import type { InspectionEvent } from 'xstate';
import type { InspectionMessage } from './inspection-message.js';
import { type SerializerOptions, serializeInspection } from './inspection-serializer.js';
import { createMessageHistory } from './message-history.js';
import { createStepCollector } from './step-collector.js';

export interface InspectorOptions extends SerializerOptions {
  /** How many messages are kept for a receiver that comes late. Default 500. */
  readonly limit?: number;
}

export interface Inspector {
  /** For the `inspect` option of `startGoalJob` or of XState's `createActor`. One inspector can watch any number of jobs. */
  readonly inspect: (event: InspectionEvent) => void;
  readonly close: () => void;
}

/** @internal What the transports stand on. */
export interface InspectorCore {
  readonly inspect: (event: InspectionEvent) => void;
  readonly replay: () => readonly InspectionMessage[];
}

/** @internal Serializes, remembers and passes on. An inspector in trouble never troubles the job that it watches. */
export function createInspectorCore(
  options: InspectorOptions,
  send: (message: InspectionMessage) => void,
): InspectorCore {
  const history = createMessageHistory(options.limit ?? 500);
  const steps = createStepCollector();
  return {
    replay: history.replay,
    inspect(event) {
      try {
        if (event.type === '@xstate.microstep') return steps.add(event);
        const serialized = serializeInspection(event, options);
        if (serialized === undefined) return;
        const message = serialized.type === '@xstate.snapshot' ? steps.attachTo(serialized) : serialized;
        history.add(message);
        send(message);
      } catch {
        // XState calls this in the middle of a transition: an exception here would break the job.
      }
    },
  };
}
