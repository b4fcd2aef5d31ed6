import type { Logger } from '../logger.js';
import { unfailingLogger } from '../unfailing-logger.js';
import type { Redactor } from './redactor.js';

const redacting = (logger: Logger, redactor: Redactor): Logger => ({
  debug: (fields, message) => logger.debug(redactor.value(fields), redactor.shown(message)),
  info: (fields, message) => logger.info(redactor.value(fields), redactor.shown(message)),
  warn: (fields, message) => logger.warn(redactor.value(fields), redactor.shown(message)),
  error: (fields, message) => logger.error(redactor.value(fields), redactor.shown(message)),
  child: (bindings) => redacting(logger.child(redactor.value(bindings)), redactor),
});

/** A logger that receives only redacted lines. If it throws, the line is lost, but nothing fails. */
export const redactingLogger = (logger: Logger, redactor: Redactor): Logger =>
  redacting(unfailingLogger(logger), redactor);
