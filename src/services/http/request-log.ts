import { errorWords } from '../errors/error-words.js';
import type { Logger } from '../logger.js';
import type { Redactor } from '../redaction/redactor.js';
import type { ApiRequest } from './api-request.js';
import { unharmed } from './unharmed.js';

/** What is needed to write a log line. */
interface LogOptions {
  readonly logger?: Logger | undefined;
  readonly now: () => number;
  readonly redactor: Redactor;
}

/** The fields of a log line about the job of the request. */
export const ofJob = ({ jobId, jobFields }: Pick<ApiRequest, 'jobId' | 'jobFields'>): object =>
  jobId === undefined ? {} : { job: jobId, ...jobFields?.() };

export function logReply(options: LogOptions, request: ApiRequest, status: number, sentAt: number): void {
  const { logger } = options;
  if (logger === undefined) return;
  const { method, path } = request;
  unharmed(() => {
    const line = { method, path, status, ms: Math.round(options.now() - sentAt), ...ofJob(request) };
    if (status < 400) logger.debug(line, 'reply');
    else logger.info(line, 'refusal');
  }, undefined);
}

export function logLoss(options: LogOptions, request: ApiRequest, error: unknown, sentAt: number): void {
  const { method, path } = request;
  unharmed(() => {
    const line = {
      method,
      path,
      ms: Math.round(options.now() - sentAt),
      ...ofJob(request),
      reason: errorWords(error, options.redactor.shown),
    };
    options.logger?.warn(line, 'no reply');
  }, undefined);
}
