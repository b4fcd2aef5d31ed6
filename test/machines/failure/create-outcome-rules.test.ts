import { describe, expect, it } from 'vitest';
import {
  asOutcomeUnknown,
  asStillUnknown,
  isAboutLostFiles,
  isOutcomeUnknown,
  isWrongAdoption,
  mayLive,
  UNKNOWN_ADVICE,
  unlessUnknown,
} from '../../../src/machines/failure/create-outcome.js';
import type { JobContext } from '../../../src/machines/job-context.js';
import type { Reply } from '../../../src/machines/reply.js';
import type { Failure } from '../../../src/services/failure.js';
import { attachedWith, contextWith, failureWith, refused, succeeded } from '../../support/example-context.js';

const network = failureWith('network');
const unknown = failureWith('outcome-unknown');
const DAY = 24 * 3_600_000;

describe('the outcome of a create', () => {
  it.each<[string, Reply<unknown>, boolean]>([
    ['a success', succeeded(1), false],
    ['a refusal', refused('rejected'), false],
    ['what was not sent', refused('network', { delivery: 'not-sent' }), false],
    ['a lost reply', refused('network', { delivery: 'unknown' }), true],
    ['what another process may have done', refused('outcome-unknown'), true],
  ])('of %s is unknown: %s', (_name, reply, expected) => expect(isOutcomeUnknown(reply)).toBe(expected));

  it('is reported as unknown, with the failure that made it so', () => {
    expect(UNKNOWN_ADVICE).toMatch(/adopt it by its id; only if it is certainly not there, retry/);
    const message = 'it cannot be known whether the job was created: it was network';
    expect(asOutcomeUnknown(network)).toEqual({
      ...{ ...network, kind: 'outcome-unknown', message, advice: UNKNOWN_ADVICE },
    });
    expect(asOutcomeUnknown(unknown)).toBe(unknown);
  });

  it('stays unknown where a later create fails', () => {
    expect(asStillUnknown(network)).toEqual({
      ...{ ...network, kind: 'outcome-unknown', delivery: 'unknown', advice: UNKNOWN_ADVICE },
      message: 'an earlier create may have made the job, and the one after it did not: it was network',
    });
    expect(asStillUnknown(unknown)).toBe(unknown);
  });

  it.each<[string, Partial<JobContext>, Failure]>([
    ['nothing before it', {}, network],
    ['an unknown outcome before it', { failure: unknown }, unknown],
    ['another failure before it', { failure: failureWith('server') }, network],
    ['a job that may exist', { mayExist: true }, asStillUnknown(network)],
    ['a job that exists', { mayExist: true, jobSpecId: 'job_1' }, network],
  ])('with %s decides what a local failure is reported as', (_name, changes, expected) => {
    expect(unlessUnknown(contextWith(changes), network)).toEqual(expected);
  });

  it.each<[string, Partial<JobContext>, boolean]>([
    ['nothing was created', {}, false],
    ['a job is known', { jobSpecId: 'job_1' }, true],
    ['a job may exist', { mayExist: true }, true],
    ['the outcome is unknown', { failure: unknown }, true],
    ['a create was refused', { failure: network }, false],
  ])('where %s: a job may live %s', (_name, changes, expected) => {
    expect(mayLive(contextWith(changes))).toBe(expected);
  });
});

describe('an id that was adopted', () => {
  it.each(['not-found', 'invalid-input', 'validation', 'invalid-transition', 'rejected', 'gone'] as const)(
    'is wrong where its first read is refused as %s',
    (kind) => {
      const adopted = contextWith({ jobSpecId: 'job_1' });
      expect(isWrongAdoption(adopted, refused(kind))).toBe(true);
      expect(isWrongAdoption(contextWith({ ...adopted, statusWord: 'pending' }), refused(kind))).toBe(false);
      expect(isWrongAdoption(attachedWith(), refused(kind))).toBe(false);
    },
  );

  it('is not wrong for any other reason', () => {
    expect(isWrongAdoption(contextWith(), succeeded(1))).toBe(false);
    for (const kind of ['network', 'server', 'key-refused', 'rate-limited', 'version-conflict'] as const)
      expect(isWrongAdoption(contextWith(), refused(kind))).toBe(false);
  });
});

describe('files are lost', () => {
  const about = (message: string, more: Partial<Failure> = {}) =>
    refused('validation', { serverMessage: message, ...more });
  const upload = (uploadedAt: number) => ({ uploads: [null, { fileId: 'f1', uploadedAt }] });

  it.each<[string, Reply<unknown>, boolean]>([
    ['a success', succeeded(1), false],
    ['a 410', refused('gone'), true],
    ['a 404 that says nothing', refused('not-found'), false],
    ['a 404 that names a file', refused('not-found', { serverMessage: 'file f1 not found' }), true],
    [
      'a message after the name of an error',
      refused('rejected', { serverError: 'bad_request', serverMessage: 'file f1 expired' }),
      true,
    ],
    ['an error that names a file', about('file f1 not found'), true],
    ['an error that names files', about('Files have expired'), true],
    ['an error in the server’s code', refused('rejected', { serverError: 'file_expired' }), true],
    [
      'an error of a field',
      refused('validation', { fieldErrors: [{ field: 'fileIds', message: 'unknown id' }] }),
      true,
    ],
    ['a loss that is not of files', about('workflow not found'), false],
    ['files that are not lost', about('too many files'), false],
    ['a word that only contains it', about('profile not found'), false],
    ['an outcome that is unknown', about('file f1 not found', { delivery: 'unknown' }), false],
    ['one that was not sent', about('file f1 not found', { delivery: 'not-sent' }), false],
    ['a conflict about a file', refused('version-conflict', { serverMessage: 'file gone' }), true],
    ['a transition about a file', refused('invalid-transition', { serverMessage: 'file missing' }), true],
    ['a limit about a file', refused('rate-limited', { serverMessage: 'file missing' }), false],
    ['a refused key', refused('key-refused', { serverMessage: 'invalid file' }), false],
  ])('by %s: %#', (_name, reply, expected) => {
    expect(isAboutLostFiles(contextWith(), reply)).toBe(expected);
  });

  it.each([
    'expired',
    'not found',
    'unknown',
    'gone',
    'no longer there',
    'does not exist',
    'missing',
    'INVALID',
  ])('in the words "%s"', (words) =>
    expect(isAboutLostFiles(contextWith(), about(`file f1: ${words}`))).toBe(true),
  );

  it.each([
    [DAY, true],
    [DAY - 1, false],
  ])('after %i ms without a word of it: %s', (age, expected) => {
    const context = contextWith(upload(1_000 - age));
    expect(isAboutLostFiles(context, refused('rejected'))).toBe(expected);
    expect(isAboutLostFiles(context, refused('server', { delivery: 'refused' }))).toBe(false);
  });

  it('and were uploaded again: only their age counts then', () => {
    const lost = about('file f1 not found');
    expect(isAboutLostFiles(contextWith({ reuploads: 1 }), lost)).toBe(false);
    expect(isAboutLostFiles(contextWith({ reuploads: 1, ...upload(1_000) }), lost)).toBe(false);
    expect(isAboutLostFiles(contextWith({ reuploads: 1, ...upload(1_000 - DAY) }), lost)).toBe(true);
  });
});
