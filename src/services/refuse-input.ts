import { errorFromFailure } from './errors/error-from-failure.js';

/** Rejects invalid input before anything is sent. @throws InvalidInputError always */
export function refuseInput(findings: readonly string[], advice: string): never {
  throw errorFromFailure({
    kind: 'invalid-input',
    message: findings.join('; '),
    advice,
    delivery: 'not-sent',
    findings,
  });
}
