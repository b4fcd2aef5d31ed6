import type { InspectionEvent } from 'xstate';
import type { InspectionMessage } from './inspection-message.js';
import { type SerializerOptions, serializeInspection } from './inspection-serializer.js';
import { createMessageHistory } from './message-history.js';
import { createStepCollector } from './step-collector.js';

export interface InspectorOptions extends SerializerOptions {
  /** How many messages are kept for receivers that connect later. Default 500. */
  readonly limit?: number | undefined;
}

export interface Inspector {
  /** For the `inspect` option of `startGoalJob` or of XState's `createActor`. One inspector can watch any number of jobs. */
  readonly inspect: (event: InspectionEvent) => void;
  readonly close: () => void;
}

/** @internal The common part of all transports. */
export interface InspectorCore {
  readonly inspect: (event: InspectionEvent) => void;
  readonly replay: () => readonly InspectionMessage[];
}

/** @internal Serializes, keeps and forwards messages. A failing inspector never affects the job that it shows. */
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
        // XState calls this during a transition: an exception here would break the job.
      }
    },
  };
}
