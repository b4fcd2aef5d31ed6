import { errorFromFailure } from '../errors/error-from-failure.js';
import { type Arrived, contentFault } from './check-content.js';
import type { Doubts } from './doubts.js';
import { failureFromContent } from './failure-from-content.js';

export interface ResultToVerify extends Arrived {
  readonly jobSpecId: string;
  readonly sha256: string;
  /** The pre-signed URL. */
  readonly url: string;
  /** Removes the secrets that the client knows. */
  readonly redact?: ((text: string) => string) | undefined;
}

/** How far a result can be trusted. */
export interface Verification {
  /** True if it is known to be complete and of the expected kind. */
  readonly verified: boolean;
  /** Why it is not verified, for people. */
  readonly warning?: string;
}

const LENGTH_UNKNOWN =
  'storage did not say how long the result is, so it cannot be known whether it is whole';

/**
 * Checks a downloaded result (law 8, never mistaken). Rejects wrong content with kind `gone`, so that it is requested again. If
 * only the name does not match, the same bytes a second time are accepted as unverified.
 */
export function verifyResult(result: ResultToVerify, doubts: Doubts): Verification {
  const fault = contentFault(result);
  if (fault === undefined) {
    return result.isDelimited ? { verified: true } : { verified: false, warning: LENGTH_UNKNOWN };
  }
  if (fault.isCertain || !doubts.isConfirmed(result.jobSpecId, result.sha256)) {
    throw errorFromFailure(failureFromContent({ ...result, fault }));
  }
  const warning = `${result.name} ${fault.words}, though storage gives the same ${result.bytes} bytes each time: look at it before you use it`;
  return { verified: false, warning };
}
