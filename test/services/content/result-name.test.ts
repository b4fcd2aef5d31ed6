import { describe, expect, it } from 'vitest';
import { dispositionName, type NameSources, resultName } from '../../../src/services/content/result-name.js';

const named = (more: Partial<NameSources>): string =>
  resultName({ jobSpecId: 'job_1', url: 'https://s3.example/b/object', ...more });

describe('the name of a result', () => {
  it.each([
    ['the API names it', { filename: 'a.pdf', suggestedName: 'b.pdf' }, 'a.pdf'],
    ['only storage names it', { suggestedName: '../b.docx' }, 'b.docx'],
    ['the API names it with nothing', { filename: '..', suggestedName: 'b.docx' }, 'b.docx'],
    ['only the URL has an ending', { url: 'https://s3.example/x/report.pdf?sig=1.zip' }, 'job_1.pdf'],
    ['only the type is known', { contentType: 'image/png' }, 'job_1.png'],
    [
      'the URL has an ending and the type is vague',
      { url: 'https://x/o.zip', contentType: 'text/plain' },
      'job_1.zip',
    ],
    ['nothing is known', {}, 'job_1.zip'],
    ['a page would name itself', { contentType: 'text/html' }, 'job_1.zip'],
    ['a store error would name itself', { contentType: 'application/xml' }, 'job_1.zip'],
    ['there is no URL', { url: '' }, 'job_1.zip'],
  ])('where %s', (_name, sources, expected) => {
    expect(named(sources)).toBe(expected);
  });
});

describe('the name in a Content-Disposition', () => {
  it.each([
    ['attachment; filename="a b.zip"', 'a b.zip'],
    ['attachment; filename=a.zip; x=1', 'a.zip'],
    ['attachment; filename="a \\"b\\".zip"', 'a "b".zip'],
    ['attachment; filename="e.zip"; filename*=UTF-8\'\'%e2%82%ac.zip', '€.zip'],
    ['attachment; filename="e.zip"; filename*=UTF-8\'\'%e2%zz.zip', 'e.zip'],
    ['inline', undefined],
    [undefined, undefined],
    [['a'], undefined],
  ])('%j', (header, name) => {
    expect(dispositionName(header)).toBe(name);
  });
});
