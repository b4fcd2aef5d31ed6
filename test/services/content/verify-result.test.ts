import { describe, expect, it } from 'vitest';
import { createDoubts } from '../../../src/services/content/doubts.js';
import { type ResultToVerify, verifyResult } from '../../../src/services/content/verify-result.js';
import { failureOf } from '../../support/failure-of.js';
import { zipOf } from '../../support/sample-zip.js';

const URL_SIGNED = 'https://s3.example/b/o.zip?X-Amz-Signature=SIGNATURE-1234';

const resultOf = (name: string, file: Buffer, more: Partial<ResultToVerify> = {}): ResultToVerify => ({
  name,
  bytes: file.length,
  head: file.subarray(0, 4_096),
  tail: file,
  isDelimited: true,
  jobSpecId: 'job_1',
  sha256: 'abc',
  url: URL_SIGNED,
  ...more,
});
const refused = (result: ResultToVerify) => failureOf(() => verifyResult(result, createDoubts()));

const ZIP = zipOf(Buffer.from('the result'));

describe('a result that is what it promises', () => {
  it('is verified, if it is known to be whole', () => {
    expect(verifyResult(resultOf('a.zip', ZIP), createDoubts())).toEqual({ verified: true });
    expect(verifyResult(resultOf('a.zip', ZIP, { isDelimited: false }), createDoubts())).toEqual({
      verified: false,
      warning: 'storage did not say how long the result is, so it cannot be known whether it is whole',
    });
  });
});

describe('a result that does not fit to its name', () => {
  const other = resultOf('a.zip', Buffer.from('RESULT'));
  const isTaken = (doubts: ReturnType<typeof createDoubts>, more: Partial<ResultToVerify> = {}): boolean => {
    try {
      return verifyResult({ ...other, ...more }, doubts).verified === false;
    } catch {
      return false;
    }
  };

  it('is taken with a warning when the same bytes come twice in a row for the job', () => {
    const doubts = createDoubts();
    const asked = [
      isTaken(doubts),
      isTaken(doubts, { jobSpecId: 'job_2' }),
      isTaken(doubts, { sha256: 'def' }),
      isTaken(doubts),
      isTaken(doubts),
      // Once it was taken, it is doubted anew.
      isTaken(doubts),
    ];
    expect(asked).toEqual([false, false, false, false, true, false]);
    expect(verifyResult({ ...other, jobSpecId: 'job_2' }, doubts).warning).toBe(
      'a.zip does not begin as a ZIP, though storage gives the same 6 bytes each time: look at it before you use it',
    );
  });

  it('is never taken if it is certainly something else', () => {
    const doubts = createDoubts();
    const asked = [1, 2, 3].map(() => isTaken(doubts, { contentType: 'application/zip' }));
    expect(asked).toEqual([false, false, false]);
  });

  it('is remembered for a thousand jobs, those seen last', () => {
    const doubts = createDoubts();
    const again = (jobSpecId: string): boolean => doubts.isConfirmed(jobSpecId, 'abc');
    for (let at = 0; at < 1_000; at += 1) again(`job_${at}`);
    // Seen again with other bytes, the first is the youngest.
    expect(doubts.isConfirmed('job_0', 'def')).toBe(false);
    again('job_1000');
    expect(again('job_1')).toBe(false);
    expect(doubts.isConfirmed('job_0', 'def')).toBe(true);
    expect(again('job_999')).toBe(true);
  });
});

describe('the failure of a result that is something else', () => {
  it('says what it is and who said it, and what follows', async () => {
    expect(await refused(resultOf('a.zip', Buffer.alloc(0)))).toEqual({
      kind: 'gone',
      message: 'what came as a.zip is not the result: it is empty (0 bytes)',
      advice: 'Storage does not give what was promised: a fresh URL is asked for, now and then.',
      delivery: 'unknown',
      method: 'GET',
      speaker: 'storage',
    });
    expect(await refused(resultOf('a.zip', Buffer.from('<html>Sign in</html>')))).toEqual({
      kind: 'gone',
      message: 'what came as a.zip is not the result: it is a web page (HTML) (Sign in)',
      advice: expect.stringMatching(/^Something between here and storage .* sign in to the network/),
      delivery: 'unknown',
      method: 'GET',
      speaker: 'portal',
      serverMessage: 'Sign in',
    });
  });

  it('quotes nothing of a file', async () => {
    const { message, serverMessage } = await refused(resultOf('a.zip', Buffer.from('the diary of a person')));
    expect(message).toBe('what came as a.zip is not the result: it does not begin as a ZIP');
    expect(serverMessage).toBeUndefined();
  });

  it('quotes no more than a line', async () => {
    const pageOf = (words: string) => resultOf('a.zip', Buffer.from(`<html>${words}</html>`));
    expect((await refused(pageOf('x'.repeat(160)))).serverMessage).toBe('x'.repeat(160));
    expect((await refused(pageOf('x'.repeat(161)))).serverMessage).toBe(`${'x'.repeat(160)}…`);
    expect((await refused(pageOf(`${' '.repeat(2_500)}far down`))).serverMessage).toBeUndefined();
  });

  it.each(['utf8', 'utf16le'] as const)(
    'shows no secret of the URL or of the client (%s)',
    async (encoding) => {
      const page = `\ufeff<html>SIGNATURE-1234 KEY-5678 asked</html>`;
      const redact = (text: string): string => text.replaceAll('KEY-5678', '[key]');
      const failure = await refused(resultOf('a.zip', Buffer.from(page, encoding), { redact }));
      expect(failure.serverMessage).toBe('[redacted] [key] asked');
    },
  );
});
