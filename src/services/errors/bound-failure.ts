import type { Failure, FieldError } from '../failure.js';
import { BOUNDS, fewErrors, fewFindings, shortened } from '../wire/bounds.js';

const boundError = ({ field, message }: FieldError): FieldError => ({
  field,
  message: shortened(message, BOUNDS.description),
});

/** Limits the size of a failure. Every failure that is thrown, stored, shown or logged passes through here. */
export function boundFailure(failure: Failure): Failure {
  const { fieldErrors, findings, serverError, serverMessage } = failure;
  return {
    ...failure,
    message: shortened(failure.message, BOUNDS.message),
    advice: shortened(failure.advice, BOUNDS.description),
    ...(serverError === undefined ? {} : { serverError: shortened(serverError, BOUNDS.description) }),
    ...(serverMessage === undefined ? {} : { serverMessage: shortened(serverMessage, BOUNDS.description) }),
    ...(fieldErrors === undefined ? {} : { fieldErrors: fewErrors(fieldErrors).map(boundError) }),
    ...(findings === undefined ? {} : { findings: fewFindings(findings) }),
  };
}
