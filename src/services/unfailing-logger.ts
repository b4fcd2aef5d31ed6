import { guardedCall } from './guarded-call.js';
import type { Logger } from './logger.js';

/** A host's logger that throws must not be taken for a request, or a job, that failed: what it does not write is not written. */
export function unfailingLogger(logger: Logger): Logger {
  const attempt =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: object, message: string): void => {
      // There is nobody to tell: it is the log that fails.
      guardedCall(
        () => logger[level](fields, message),
        () => undefined,
      );
    };
  return {
    debug: attempt('debug'),
    info: attempt('info'),
    warn: attempt('warn'),
    error: attempt('error'),
    child(bindings) {
      try {
        return unfailingLogger(logger.child(bindings));
      } catch {
        return unfailingLogger(logger);
      }
    },
  };
}
