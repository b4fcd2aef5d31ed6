import { errorFromFailure } from '../../../services/errors/error-from-failure.js';
import { provideWithResolvers } from './with-resolvers.js';

/** The engine's SDK, only its types: it is loaded when a worker starts, so other hosts do not need it. */
export type Sdk = typeof import('@restatedev/restate-sdk');

const NAME = '@restatedev/restate-sdk';

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND';

/** @throws GoalLaneError that says what to install if the SDK is missing */
export async function loadSdk(): Promise<Sdk> {
  provideWithResolvers();
  try {
    return await import('@restatedev/restate-sdk');
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw errorFromFailure({
      kind: 'invalid-input',
      message: `a worker needs ${NAME}, which is not installed`,
      advice: `Install it: npm install ${NAME}@^1.17`,
      delivery: 'not-sent',
    });
  }
}
