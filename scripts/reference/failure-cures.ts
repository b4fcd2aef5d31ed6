import type { FailureKind } from '../../src/services/failure.js';

interface CauseAndCure {
  readonly cause: string;
  readonly cure: string;
}

/** Written by hand, and held to the kinds that there are: a new one does not compile without its cause and cure. */
export const CURES: Readonly<Record<FailureKind, CauseAndCure>> = {
  'invalid-input': {
    cause:
      'An option, a slot or a file cannot be meant: an unknown workflow, a format that it does not take, too many bytes, a slot without a value.',
    cure: 'Read `findings`: each names the file or slot, the rule and the limit. Fix them and start again; nothing was sent.',
  },
  file: {
    cause: 'A local file is missing, cannot be read, or has changed since it was checked or stored.',
    cure: 'Put the file back as it was, or start a new job with the file as it is now.',
  },
  storage: {
    cause: 'The result cannot be written: the disk is full, the folder is read-only or gone.',
    cure: 'Make room or choose another `outDir`, then resume: the server keeps the result for a day.',
  },
  'key-refused': {
    cause: 'The API itself does not accept the key: it is mistyped, revoked, or for another server.',
    cure: 'Take the key from the account settings again, and check that the base URL is that of the same account. A job that runs can be resumed with the right key.',
  },
  'not-found': {
    cause:
      'The API does not know the job, the workflow or the result. Of the catalog it means that no API answers under the base URL.',
    cure: 'Check the id, the account of the key and the base URL. A job that was created a second ago may not be known everywhere yet: resume it.',
  },
  gone: {
    cause: 'A pre-signed URL was refused or has expired, or the 24 hours of a result are over.',
    cure: 'A new URL is requested automatically. If the result was deleted, run the job again as a new one.',
  },
  'version-conflict': {
    cause:
      'Somebody else changed the job at the same time, so that the item version was no longer the server’s.',
    cure: 'None needed: the job is read again, and the answer is sent with the new version if the question is still open.',
  },
  'invalid-transition': {
    cause: 'The job is not in the state that the call needs, for example because it was confirmed elsewhere.',
    cure: 'None needed: the job is read again and followed to where it is. If it stays, look who else drives the job.',
  },
  validation: {
    cause: 'The server refuses a value: of a slot, or of the request that creates the job.',
    cure: 'Read `fieldErrors`. Refused slots are asked for again, with the reasons; a refused create has to be fixed and started again.',
  },
  'rate-limited': {
    cause:
      'The limit of the key is used up (a quota, or too many jobs at once), or is known to be shut, and nothing was sent.',
    cure: 'None needed: it waits until `retryAt`. Run the jobs of one key through one lane, so that they share what there is.',
  },
  rejected: {
    cause:
      'Another refusal that does not heal by asking again: a 4xx without a meaning of its own, a redirect elsewhere, a request that is too large for what stands in between.',
    cure: 'Read `serverMessage` and who said it (`speaker`).',
  },
  server: {
    cause: 'The server, or what stands in front of it, is in trouble (408, 425, 499, 5xx).',
    cure: 'None needed at first: it is tried again. If it lasts, the job is detached; resume it later.',
  },
  network: {
    cause:
      'No reply came: DNS, TLS, a refused or reset connection, a time-out; or the reply was a proxy’s, a CDN’s or a login page’s.',
    cure: '`speaker` says who answered; `goal-lane doctor` looks at DNS, proxy, certificate and clock.',
  },
  'bad-response': {
    cause:
      'A success that makes no sense: cut off, a page where JSON was due, a missing field, a result that is not what its name promises.',
    cure: 'None needed for a while: it is asked again. If it stays, keep a trace (`--trace`) and ask the API’s support.',
  },
  aborted: {
    cause: 'The `signal` of a call of `goal-lane/services` was aborted.',
    cure: 'None: it was requested. A job never ends with it; it is detached with `detach()`.',
  },
  'outcome-unknown': {
    cause:
      'The request that creates the job left, and no answer of the API’s own came back. There may be a job, and creating again might make a second one.',
    cure: 'Look into the account: `ADOPT` the job if it is there, `RETRY` only if it is certainly not, or `DETACH` and decide later. `onUnknownOutcome` decides beforehand.',
  },
  'job-failed': {
    cause: 'The API says that the job failed; `serverMessage` is its `error` field.',
    cure: 'Read what the server says, fix the input, and start a new job.',
  },
  internal: {
    cause: 'A bug of ours, or a function of the host (a port, a clock, a store) that threw something else.',
    cure: 'The message names the function. The stack is in the log (`logger`, or `--log-level error`). A job that may be alive is detached and can be resumed.',
  },
};
