import { describe, expect, it } from 'vitest';
import { errorFromFailure } from '../../../src/services/errors/error-from-failure.js';
import { redactedError } from '../../../src/services/errors/redacted-error.js';
import type { Failure } from '../../../src/services/failure.js';
import { createRedactor } from '../../../src/services/redaction/redactor.js';
import { BOUNDS, shortened } from '../../../src/services/wire/bounds.js';

const failure: Failure = { kind: 'validation', message: 'no', advice: 'Fix it.', delivery: 'refused' };
const long = 'x'.repeat(BOUNDS.message + 1);

describe('the error of a failure', () => {
  it('has its cause, if there is one', () => {
    const cause = new Error('c');
    expect(errorFromFailure(failure, cause).cause).toBe(cause);
    expect('cause' in errorFromFailure(failure)).toBe(false);
    expect(errorFromFailure(failure).failure).toStrictEqual(failure);
  });

  it('keeps its words, in bounds', () => {
    const words = {
      serverError: 'an_error',
      serverMessage: 'a message',
      fieldErrors: [{ field: 'tone', message: 'no' }],
      findings: ['too long'],
    };
    expect(errorFromFailure({ ...failure, ...words }).failure).toStrictEqual({ ...failure, ...words });
    const [said, described] = [shortened(long, BOUNDS.message), shortened(long, BOUNDS.description)];
    const endless = {
      ...failure,
      ...{ message: long, advice: long, serverError: long, serverMessage: long },
      ...{ fieldErrors: [{ field: 'tone', message: long }], findings: [long] },
    };
    expect(errorFromFailure(endless).failure).toStrictEqual({
      ...failure,
      ...{ message: said, advice: described, serverError: described, serverMessage: described },
      ...{ fieldErrors: [{ field: 'tone', message: described }], findings: [described] },
    });
  });
});

describe('an error that leaves the client', () => {
  const redactor = createRedactor(['key-SECRETSECRET']);
  const leave = (error: unknown) => redactedError(error, redactor);
  const leaking = { ...failure, message: 'sent key-SECRETSECRET' };

  it('is the same where nothing in it is secret', () => {
    const clean = errorFromFailure(failure);
    expect(leave(clean)).toBe(clean);
    const caused = errorFromFailure(failure, 'a cause');
    expect(leave(caused)).toBe(caused);
  });

  it('is the same where it is not ours', () => {
    const other = new Error('key-SECRETSECRET');
    expect(leave(other)).toBe(other);
  });

  const unreadable = new Proxy(
    {},
    {
      ownKeys: () => {
        throw new Error('no');
      },
    },
  );
  it.each([
    ['its words', errorFromFailure(leaking, 'a cause')],
    ['its cause', errorFromFailure(failure, 'key-SECRETSECRET')],
    ['a cause that cannot be read', errorFromFailure(failure, unreadable)],
  ])('is without a cause where %s may be secret', (_name, error) => {
    const left = leave(error);
    expect(left).not.toBe(error);
    expect(left).toMatchObject({ name: error.name, kind: 'validation' });
    expect(JSON.stringify(left)).not.toContain('SECRETSECRET');
    expect(left).not.toHaveProperty('cause');
  });
});
