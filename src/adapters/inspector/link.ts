import type { InspectionMessage } from './inspection-message.js';

/** @internal A connection to one or more receivers. */
export interface Link {
  /** Sends to connected receivers; later ones get the replay. */
  readonly send: (message: InspectionMessage) => void;
  readonly close: () => void;
}

/** @internal */
export type Replay = () => readonly InspectionMessage[];
