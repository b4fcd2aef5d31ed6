import type { Failure, FailureKind } from '../failure.js';

const BRAND = 'goal-lane/error';

/** Base of every error that goal-lane throws deliberately. `toJSON()` returns it as plain data that survives JSON. */
export class GoalLaneError extends Error {
  override readonly name: string = 'GoalLaneError';
  /** Identifies our errors across realms and copies of the package, where `instanceof` fails. */
  readonly brand = BRAND;
  readonly failure: Failure;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(failure.message, options);
    this.failure = failure;
  }

  get kind(): FailureKind {
    return this.failure.kind;
  }

  toJSON(): Failure {
    return this.failure;
  }
}

/** True for errors of this family, also from another realm or another copy of the package. Never throws. */
export function isGoalLaneError(value: unknown): value is GoalLaneError {
  try {
    return typeof value === 'object' && value !== null && 'brand' in value && value.brand === BRAND;
  } catch {
    return false;
  }
}
