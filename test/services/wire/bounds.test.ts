import { describe, expect, it } from 'vitest';
import { BOUNDS, shortened } from '../../../src/services/wire/bounds.js';
import { jsonInWords } from '../../../src/services/wire/json-in-words.js';
import { catalogSchema, jobSchema, statusSchema } from '../../../src/services/wire/schemas.js';

const long = (length: number): string => 'x'.repeat(length);
const checkpoint = (more: object) =>
  statusSchema.parse({ status: 'slot_needed', checkpoint: { checkpointId: 'c', ...more } }).checkpoint;

describe('a preview', () => {
  it.each([
    [{ titles: ['Senior Engineer'], confidence: 0.4 }, '{"titles":["Senior Engineer"],"confidence":0.4}'],
    [['Senior Engineer', 'Tech Lead'], '["Senior Engineer","Tech Lead"]'],
    [0.5, '0.5'],
    [false, 'false'],
    ['text', 'text'],
    [{}, '{}'],
  ])('%j is shown, not dropped', (stepOutputPreview, shown) => {
    expect(checkpoint({ stepOutputPreview })?.stepOutputPreview).toBe(shown);
    expect(checkpoint({ step_output_preview: stepOutputPreview })?.stepOutputPreview).toBe(shown);
    expect(checkpoint({ preview: stepOutputPreview })?.stepOutputPreview).toBe(shown);
  });

  it('is indented where it does not fit on a line', () => {
    expect(jsonInWords({ a: long(200) }, 1_000)).toBe(`{\n  "a": "${long(200)}"\n}`);
  });

  it('is none where there is none', () => {
    expect(checkpoint({ stepOutputPreview: null })).toEqual({ checkpointId: 'c', slots: [] });
  });
});

it('cuts no character in two', () => {
  expect(shortened('ab😀', 3)).toBe('ab… (2 more characters)');
  expect(shortened('ab😀', 4)).toBe('ab😀');
});

describe('what a server sends is kept in bounds', () => {
  it('names, steps and words', () => {
    const { currentStep, statusWord, error } = jobSchema('j').parse({
      status: long(1e6),
      currentStep: long(1e6),
      error: { message: long(1e6) },
    });
    for (const text of [currentStep, statusWord, error]) {
      expect(text?.length).toBeGreaterThan(100);
      expect(text?.length).toBeLessThan(BOUNDS.description + 60);
    }
  });

  it('a catalog', () => {
    const [workflow] = catalogSchema.parse([
      {
        spec_id: 'wf',
        name: long(1e6),
        description: long(1e6),
        supported_input_formats: Array(5_000).fill('pdf'),
        required_slots: [{ slotId: 's', label: long(1e6), options: Array(50_000).fill('o') }],
      },
    ]);
    expect(JSON.stringify(workflow).length).toBeLessThan(20_000);
  });

  it('a list of slots, and one more than a job takes', () => {
    const slots = Array.from({ length: 100_000 }, (_, at) => `slot_${at}`);
    expect(checkpoint({ slots })?.slots).toHaveLength(BOUNDS.slots);
  });

  it('ids are never cut: a part of one means something else', () => {
    const slotId = long(20_000);
    expect(checkpoint({ slots: [slotId] })?.slots[0]?.slotId).toBe(slotId);
    expect(jobSchema().safeParse({ jobSpecId: long(20_000) }).success).toBe(false);
  });

  it('a value that is nested beyond measure is none', () => {
    const value: unknown = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    const [slot] = checkpoint({ slots: [{ slotId: 's', value }] })?.slots ?? [];
    expect(slot).toEqual({ slotId: 's', type: 'text', required: true });
  });

  it('an error of a job, whatever its form', () => {
    const errorOf = (error: unknown) => jobSchema('j').parse({ status: 'failed', error }).error;
    expect(errorOf({ detail: 'no' })).toBe('{"detail":"no"}');
    expect(errorOf(['no', 'not so'])).toBe('["no","not so"]');
    expect(errorOf(true)).toBe('true');
    expect(errorOf({})).toBe('unknown error');
  });
});
