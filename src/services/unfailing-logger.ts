import { guardedCall } from './guarded-call.js';
import type { Logger } from './logger.js';

/** Wraps a host's logger. If it throws, the line is lost, but no request or job fails. */
export function unfailingLogger(logger: Logger): Logger {
  const attempt =
    (level: 'debug' | 'info' | 'warn' | 'error') =>
    (fields: object, message: string): void => {
      // The log itself failed: there is nowhere to report it.
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
