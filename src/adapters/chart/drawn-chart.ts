/** The chart as drawn: boxes, lines and texts with their positions in pixels. Generated from the machine by `npm run docs:chart`. */
export interface DrawnChart {
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
  /** In drawing order: a lifecycle state before the states inside it. */
  readonly states: readonly DrawnState[];
  readonly arrows: readonly DrawnArrow[];
  readonly legend: Box;
  /** Every tag in use. */
  readonly tags: readonly string[];
}

export type Point = readonly [x: number, y: number];

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface DrawnState {
  readonly kind: 'lifecycle' | 'state' | 'wait' | 'final';
  /** As in the machine's state value: `executing.reading`. */
  readonly path: string;
  readonly name: string;
  readonly description: string;
  readonly box: Box;
  /** The tag that colours it. */
  readonly tag?: string;
  /** Below the name: the invoked actor, or a description. */
  readonly notes: readonly string[];
  /** Names of the host's events, with the direction in which they lead. */
  readonly events: readonly string[];
  readonly isInitial?: true;
  /** Continues to any state that the server reports. */
  readonly follows?: true;
  /** Not a status word of the API. */
  readonly isOurs?: true;
  /** Position of the line above the waits. */
  readonly divider?: number;
}

export interface DrawnArrow {
  readonly from: string;
  readonly to: string;
  /** Names of the host's events that take this arrow. */
  readonly words: readonly string[];
  readonly points: readonly Point[];
}

export const right = (box: Box): number => box.x + box.width;
export const bottom = (box: Box): number => box.y + box.height;
export const middle = (box: Box): number => box.y + box.height / 2;
export const centre = (box: Box): number => box.x + box.width / 2;

/** The part of a path that names the lifecycle state. */
export const lifecycleOf = (path: string): string => path.split('.')[0] ?? '';
