import type { InspectionMessage } from './inspection-message.js';

/** @internal A way to one or more receivers. */
export interface Link {
  /** To those who are connected now; who comes later is told by the replay. */
  readonly send: (message: InspectionMessage) => void;
  readonly close: () => void;
}

/** @internal */
export type Replay = () => readonly InspectionMessage[];
