import { describe, expect, it } from 'vitest';
import { redactUrl } from '../../../src/services/index.js';
import { withoutUrlSecrets } from '../../../src/services/redaction/redact-found.js';

describe('a storage URL', () => {
  it.each([
    ['https://s3.example/bucket/job_789/output.zip?X-Amz-Signature=abc', 'https://s3.example/…/output.zip'],
    ['https://s3.example/output.zip', 'https://s3.example/output.zip'],
    ['https://me:pw@s3.example:8443/output.zip#t', 'https://s3.example:8443/output.zip'],
    ['https://s.example/dl/PLANTEDtoken0123/cover%20letter.pdf', 'https://s.example/…/cover%20letter.pdf'],
    ['https://s.example/dl/PLANTEDtoken0123', 'https://s.example/…'],
    ['https://s.example/dl/PLANTEDtoken0123.zip', 'https://s.example/…'],
    ['https://s.example/dl/PLANTEDTOKEN.zip', 'https://s.example/…'],
    ['https://s.example/7b1c0a52-6f5e-4f0e-9d53-0a2d5d0f0b11.zip', 'https://s.example/…'],
    ['https://f.example/v0/b/x/o/y%2Foutput.zip?alt=media&token=PLANTED', 'https://f.example/…'],
    ['https://s.example/', 'https://s.example/'],
    ['data:text/plain,PLANTED', '[redacted]'],
    ['/b/output.zip?sig=PLANTED', '[redacted]'],
  ])('%s is shown as %s', (url, reported) => {
    expect(redactUrl(url)).toBe(reported);
  });
});

describe('a text', () => {
  it.each([
    ['see https://docs.example/errors/409', 'see https://docs.example/errors/409'],
    ['at https://me:PLANTED@s.example/a.', 'at https://[redacted]@s.example/a.'],
    ['at https://s.example/a?x=PLANTED&y=1 now', 'at https://s.example/a?[redacted] now'],
    ['at https:\\/\\/s.example\\/a?sig=PLANTED now', 'at https:\\/\\/s.example\\/a?[redacted] now'],
    ['at https://s.example/dl/eyJhbGciOiJIUzI1NiJ9xyz/out.zip', 'at https://s.example/dl/[redacted]/out.zip'],
    ['X-Amz-Signature=PLANTED&b=1', 'X-Amz-Signature=[redacted]&b=1'],
    ['access_token=PLANTED', 'access_token=[redacted]'],
  ])('%s becomes %s', (text, reported) => {
    expect(withoutUrlSecrets(text)).toBe(reported);
  });
});
