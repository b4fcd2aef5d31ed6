import { errorFromFailure } from '../errors/error-from-failure.js';
import { type Arrived, contentFault } from './check-content.js';
import type { Doubts } from './doubts.js';
import { failureFromContent } from './failure-from-content.js';

export interface ResultToVerify extends Arrived {
  readonly jobSpecId: string;
  readonly sha256: string;
  /** The pre-signed URL. */
  readonly url: string;
  /** Takes out what the client knows to be secret. */
  readonly redact?: ((text: string) => string) | undefined;
}

/** How far a result can be trusted. */
export interface Verification {
  /** True where it is known to be whole and to be what was promised. */
  readonly verified: boolean;
  /** For people: why it is not verified. */
  readonly warning?: string;
}

const LENGTH_UNKNOWN =
  'storage did not say how long the result is, so it cannot be known whether it is whole';

/**
 * Decides on a result that has arrived (law 8). Rejects with kind `gone` what is not what was promised, so that it is asked for
 * again; where only the name speaks against it, the same bytes a second time are taken, and said to be unverified.
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
