import type { Logger } from '../logger.js';
import type { Redactor } from './redactor.js';

/** A logger that receives only redacted lines. */
export function redactingLogger(logger: Logger, redactor: Redactor): Logger {
  return {
    debug: (fields, message) => logger.debug(redactor.value(fields), redactor.shown(message)),
    info: (fields, message) => logger.info(redactor.value(fields), redactor.shown(message)),
    warn: (fields, message) => logger.warn(redactor.value(fields), redactor.shown(message)),
    error: (fields, message) => logger.error(redactor.value(fields), redactor.shown(message)),
    child: (bindings) => redactingLogger(logger.child(redactor.value(bindings)), redactor),
  };
}
