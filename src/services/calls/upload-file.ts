import type { OpenFile, UploadableFile, UploadBody } from '../bytes/upload-body.js';
import { errorFromFailure } from '../errors/error-from-failure.js';
import type { GoalClient, UploadCallOptions } from '../goal-client.js';
import type { SendRequest } from '../http/api-request.js';
import { parseReply } from '../http/parse-reply.js';
import { createWatchdog, type Watchdog } from '../http/watchdog.js';
import { uploadSchema } from '../wire/schemas.js';

interface UploadOptions {
  readonly openFile: OpenFile | undefined;
  readonly stallTimeoutMs: number;
}

const PATH = '/upload';
const PROGRESS_EVERY_MS = 100;

const noOpener = (): Error =>
  errorFromFailure({
    kind: 'internal',
    message: 'this client has no function that opens a file',
    advice: 'Pass openFile to createGoalClient, or use the client of the Node or the browser adapter.',
    delivery: 'not-sent',
  });

const stalled = (ms: number) => (): Error =>
  errorFromFailure({
    kind: 'network',
    message: `POST ${PATH}: no byte moved for ${ms} ms`,
    advice: 'Check the network and try again.',
    delivery: 'unknown',
    method: 'POST',
    path: PATH,
  });

/** A success that arrives before the file was sent completely cannot be about this file. */
const answeredEarly = (): Error =>
  errorFromFailure({
    kind: 'bad-response',
    message: `POST ${PATH} was answered as a success before the file was through: that is no upload`,
    advice: 'Try again; if this persists, the server or a proxy in front of it is broken.',
    delivery: 'unknown',
    method: 'POST',
    path: PATH,
  });

/** Reports the bytes sent, throttled. The envelope around the file is not counted. */
function progressTo(file: UploadableFile, onProgress: UploadCallOptions['onProgress']) {
  let reportedAt = Number.NEGATIVE_INFINITY;
  let reported = -1;
  return (bytes: number): void => {
    const sentBytes = Math.min(bytes, file.bytes);
    const now = performance.now();
    if (sentBytes === reported || (sentBytes < file.bytes && now - reportedAt < PROGRESS_EVERY_MS)) return;
    reportedAt = now;
    reported = sentBytes;
    onProgress?.({ handle: file.handle, sentBytes, totalBytes: file.bytes });
  };
}

/** Bytes per ms; a slower upload is not worth waiting for. */
const SLOWEST = 16;

/** If sent bytes cannot be counted, a stall cannot be detected: the whole upload gets a time limit by its size instead. */
function watch(
  signal: AbortSignal | undefined,
  stallMs: number,
  file: UploadableFile,
  body: UploadBody,
): Watchdog {
  const ms = body.counted === 'nowhere' ? stallMs + Math.ceil(file.bytes / SLOWEST) : stallMs;
  return createWatchdog(signal, ms, stalled(ms));
}

/**
 * `POST /upload` ("Step 2: Upload a File"): streams with constant memory. The time-out applies to stalls, not to the whole
 * upload.
 */
export const uploadFile =
  (send: SendRequest, options: UploadOptions): GoalClient['uploadFile'] =>
  async ({ file, open = options.openFile }, { signal, jobId, jobFields, onProgress } = {}) => {
    if (open === undefined) throw noOpener();
    const report = progressTo(file, onProgress);
    let watchdog: Watchdog | undefined;
    const onBytes = (sentBytes: number): void => {
      watchdog?.feed();
      report(sentBytes);
    };
    const body = await open(file, onBytes);
    watchdog = watch(signal, options.stallTimeoutMs, file, body);
    const onSent = body.counted === 'transport' ? { onSent: onBytes } : {};
    const raw = { data: body.data, headers: body.headers, ...onSent };
    const about = { raw, jobId, jobFields, isTransfer: true };
    const request = { endpoint: 'upload', method: 'POST', path: PATH, ...about } as const;
    try {
      const reply = await send({ ...request, signal: watchdog.signal });
      if (body.isThrough?.() === false) throw answeredEarly();
      const uploaded = parseReply(uploadSchema, 'POST', PATH, reply);
      onBytes(file.bytes);
      return uploaded;
    } finally {
      watchdog.stop();
      await body.close();
    }
  };
