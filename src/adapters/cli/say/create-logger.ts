import type { Writable } from 'node:stream';
import { type Logger, pino } from 'pino';
import { redactionPaths } from '../../../services/redaction/redaction-paths.js';
import { REDACTED } from '../../../services/redaction/spans.js';

/** Escapes characters that JSON allows and terminals interpret. */
const escapeC1 = (line: string): string =>
  line.replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** The log of this process: JSON lines on stderr, with the key, Authorization and pre-signed queries redacted. */
export const createLogger = (level: string, stderr: Writable): Logger =>
  pino(
    { level, redact: { paths: redactionPaths, censor: REDACTED } },
    { write: (line: string) => void stderr.write(escapeC1(line)) },
  );
