import { createRedactor, type Redactor } from '../../../services/redaction/redactor.js';
import type { CliIo } from '../cli-io.js';

/** Redacts the key of this command, if it has one. */
export const redactorOf = ({ env }: Pick<CliIo, 'env'>): Redactor =>
  createRedactor([env.CONVILYN_API_KEY?.trim() ?? '']);
