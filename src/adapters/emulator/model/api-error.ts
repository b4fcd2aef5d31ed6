/** Status and JSON of a reply, before headers are added. */
export interface Answer {
  readonly status: number;
  /** A JSON value; undefined for an empty body. */
  readonly body?: unknown;
}

/** One error of a 422. */
export interface FieldProblem {
  readonly field: string;
  readonly message: string;
}

/** "All error responses follow this shape" ("Error Handling"). */
export const apiError = (code: number, error: string, message: string): Answer => ({
  status: code,
  body: { error, message, code },
});

/** 422, with the `errors` array. */
export function validationError(errors: readonly FieldProblem[]): Answer {
  const message = `${errors.length} field${errors.length === 1 ? '' : 's'} not valid`;
  return { status: 422, body: { error: 'validation_error', message, code: 422, errors } };
}

export const versionConflict = (expected: number, got: number): Answer =>
  apiError(409, 'version_conflict', `itemVersion mismatch: expected ${expected}, got ${got}`);

export const invalidTransition = (doing: string, status: string): Answer =>
  apiError(400, 'invalid_transition', `${doing} is not possible while the job is ${status}`);
