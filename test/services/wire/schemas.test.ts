import { describe, expect, it } from 'vitest';
import {
  catalogSchema,
  downloadSchema,
  jobSchema,
  parseEcho,
  statusSchema,
  uploadSchema,
} from '../../../src/services/wire/schemas.js';

describe('both spellings of a field', () => {
  it('are read of a catalog item', () => {
    const snake = {
      spec_id: 'w',
      supported_input_formats: ['.PDF', ' docx '],
      required_slots: [{ slot_id: 'tone' }],
      max_input_size_bytes: '10',
      min_file_count: 2,
    };
    const camel = {
      specId: 'w',
      supportedInputFormats: ['.PDF', ' docx '],
      requiredSlots: [{ slotId: 'tone' }],
      maxInputSizeBytes: '10',
      minFileCount: 2,
    };
    const expected = {
      specId: 'w',
      name: 'w',
      description: '',
      supportedInputFormats: ['pdf', 'docx'],
      requiredSlots: [{ slotId: 'tone', type: 'text', required: true }],
      maxInputSizeBytes: 10,
      minFileCount: 2,
    };
    expect(catalogSchema.parse([snake, camel])).toEqual([expected, expected]);
  });

  it('are read of a job, a status, an upload and a download', () => {
    expect(jobSchema().parse({ job_spec_id: 'j', item_version: 4, status: 'pending' })).toEqual({
      jobSpecId: 'j',
      itemVersion: 4,
      status: 'pending',
      statusWord: 'pending',
    });
    const checkpoint = { checkpoint_id: 'c', step_output_preview: 'p', slots: [{ slot_id: 's' }] };
    const reading = statusSchema.parse({
      status: 'slot_needed',
      current_step: 'x',
      item_version: 2,
      checkpoint,
    });
    expect(reading).toMatchObject({
      currentStep: 'x',
      itemVersion: 2,
      checkpoint: { checkpointId: 'c', stepOutputPreview: 'p', slots: [{ slotId: 's' }] },
    });
    expect(uploadSchema.parse({ fileId: 'f' })).toEqual({ fileId: 'f' });
    expect(
      downloadSchema.parse({ url: 'https://s/x', expires_at: 1_774_879_200, file_name: 'a.zip' }),
    ).toEqual({
      url: 'https://s/x',
      expiresAt: 1_774_879_200_000,
      filename: 'a.zip',
    });
  });

  it('the reference spelling wins where both are there', () => {
    expect(uploadSchema.parse({ file_id: 'snake', fileId: 'camel' })).toEqual({ fileId: 'camel' });
  });
});

describe('what may be missing or malformed without harm', () => {
  it.each([
    ['nothing but a status', {}, {}],
    ['nulls', { progress: null, currentStep: null, checkpoint: null, error: null }, {}],
    ['a progress of words', { progress: 'half' }, {}],
    ['a progress as text', { progress: '45' }, { progress: 45 }],
    ['a progress as text with spaces', { progress: ' 45 ' }, { progress: 45 }],
    ['a progress below zero', { progress: '-1' }, { progress: -1 }],
    ['a progress as text with digits behind a point', { progress: '4.25' }, { progress: 4.25 }],
    ['a progress with words before it', { progress: 'x4' }, {}],
    ['a progress with words behind it', { progress: '4x' }, {}],
    ['a progress with words behind the point', { progress: '4.x' }, {}],
    ['an item version of words', { itemVersion: 'new' }, {}],
    ['an item version as text', { itemVersion: '7' }, { itemVersion: 7 }],
    ['a checkpoint that is none', { checkpoint: 12 }, {}],
    ['fields of no meaning to us', { data: { a: 1 }, job: {}, eta: 'soon' }, {}],
  ])('a status with %s', (_name, fields, read) => {
    expect(statusSchema.parse({ status: 'executing', ...fields })).toEqual({
      status: 'executing',
      statusWord: 'executing',
      ...read,
    });
  });

  it('a checkpoint without an id, or that is only an id', () => {
    const slots = [{ slotId: 's', type: 'text', required: true }];
    expect(statusSchema.parse({ status: 'slot_needed', checkpoint: { slots: ['s'] } }).checkpoint).toEqual({
      checkpointId: '',
      slots,
    });
    expect(statusSchema.parse({ status: 'slot_needed', checkpoint: 'review' }).checkpoint).toEqual({
      checkpointId: 'review',
      slots: [],
    });
  });

  it('an item of a list that cannot be read does not hide the others', () => {
    expect(catalogSchema.parse([{ name: 'no id' }, { spec_id: 'w' }]).map((item) => item.specId)).toEqual([
      'w',
    ]);
    const job = jobSchema().parse({ jobSpecId: 'j', slots: [{ type: 'text' }, { slotId: 's' }, 7] });
    expect(job.slots?.map((slot) => slot.slotId)).toEqual(['s']);
  });

  it('a job with an item version only: its status is unknown', () => {
    expect(jobSchema('j').parse({ itemVersion: 5 })).toMatchObject({ itemVersion: 5, statusWord: '' });
  });

  it('an echo of which only the item version can be read', () => {
    expect(parseEcho('j', { itemVersion: 3, slots: 'many', status: 5 })).toMatchObject({
      jobSpecId: 'j',
      itemVersion: 3,
    });
    expect(parseEcho('j', { itemVersion: 3 })).toEqual({ jobSpecId: 'j', itemVersion: 3 });
    expect(parseEcho('j', 'Accepted')).toEqual({ jobSpecId: 'j' });
    expect(parseEcho('j', [])).toEqual({ jobSpecId: 'j' });
    const unreadable = {
      get status() {
        throw new Error('no');
      },
    };
    expect(parseEcho('j', unreadable)).toEqual({ jobSpecId: 'j' });
  });

  it('slots, with a status or an echo', () => {
    const slots = [{ slotId: 's', type: 'text', required: true }];
    const read = { status: 'slot_needed', statusWord: 'slot_needed', slots };
    expect(statusSchema.parse({ status: 'slot_needed', slots: ['s'] })).toEqual(read);
    expect(parseEcho('j', { status: 'slot_needed', slots: ['s'] })).toEqual({ jobSpecId: 'j', ...read });
  });

  it('a job that was created without a status is pending', () => {
    expect(jobSchema().parse({ jobSpecId: 'j' })).toEqual({
      jobSpecId: 'j',
      status: 'pending',
      statusWord: 'pending',
    });
  });

  it('a catalog of nothing, and an item of which only the id is known', () => {
    expect(catalogSchema.parse([])).toEqual([]);
    expect(catalogSchema.parse([{ spec_id: 'w' }])).toEqual([
      { specId: 'w', name: 'w', description: '', supportedInputFormats: [], requiredSlots: [] },
    ]);
    expect(
      catalogSchema.parse([{ spec_id: 'w', supported_input_formats: ['.tar.gz', 'tar.gz'] }])[0],
    ).toMatchObject({ supportedInputFormats: ['tar.gz', 'tar.gz'] });
  });

  it('an id of the longest length, and an address of http', () => {
    const fileId = 'x'.repeat(8_000);
    expect(uploadSchema.parse({ fileId })).toEqual({ fileId });
    expect(downloadSchema.parse({ url: ' http://s/x\n/y ' })).toEqual({ url: 'http://s/x/y' });
  });
});

describe('what is refused', () => {
  it.each([
    ['a status without a status', statusSchema, { progress: 3 }],
    ['a job without an id', jobSchema(), { status: 'pending' }],
    ['a job read by its id that says nothing', jobSchema('j'), {}],
    ['a list where a job is due', jobSchema('j'), []],
    ['an upload without an id', uploadSchema, { ok: true }],
    ['an upload with an empty id', uploadSchema, { file_id: '' }],
    ['a download without a URL', downloadSchema, { expiresAt: 'x' }],
    ['an upload whose id begins with half of a character', uploadSchema, { file_id: '\ud800a' }],
    ['an upload whose id ends in half of a character', uploadSchema, { file_id: 'a\ud800' }],
    ['an upload with an id of 8001 characters', uploadSchema, { file_id: 'x'.repeat(8_001) }],
    ['a download by another scheme', downloadSchema, { url: 'ftp://s/https://x' }],
    ['a download to a script', downloadSchema, { url: 'javascript:alert(1)' }],
    ['a download from the disk', downloadSchema, { url: 'file:///etc/passwd' }],
    ['a catalog that is no list', catalogSchema, { message: 'hello' }],
    ['a catalog of nothing that can be read', catalogSchema, [{ name: 'no id' }]],
  ])('%s', (_name, schema, value) => {
    expect(schema.safeParse(value).success).toBe(false);
  });
});

describe('status words', () => {
  it.each([
    ['SLOT_NEEDED', 'slot_needed'],
    ['slotNeeded', 'slot_needed'],
    ['slot-needed', 'slot_needed'],
    ['Slot - Needed', 'slot_needed'],
    [' Completed ', 'completed'],
    ['queued', 'unknown'],
  ])('%s means %s, and the word is kept as sent', (word, status) => {
    expect(statusSchema.parse({ status: word })).toEqual({ status, statusWord: word });
  });
});

describe('slots', () => {
  const slot = (value: unknown) => jobSchema('j').parse({ slots: [value] }).slots?.[0];

  it('take label, options, required and value from the usual names', () => {
    expect(
      slot({
        id: 'tone',
        title: 'Tone',
        enum: ['a', { value: 'b', label: 'B' }],
        optional: true,
        value: ['x', 1],
      }),
    ).toEqual({
      slotId: 'tone',
      type: 'text',
      required: false,
      label: 'Tone',
      options: ['a', 'b'],
      value: ['x', 1],
    });
  });

  it('may be a bare name, or a map from name to definition', () => {
    expect(slot('tone')).toEqual({ slotId: 'tone', type: 'text', required: true });
    const { slots } = jobSchema('j').parse({ slots: { tone: { type: 'choice' }, length: 'long' } });
    expect(slots).toEqual([
      { slotId: 'tone', type: 'choice', required: true },
      { slotId: 'length', type: 'text', required: true, value: 'long' },
    ]);
  });
});

describe('the value of a slot', () => {
  const nested = (depth: number): unknown =>
    Array.from({ length: depth }).reduce((inner: unknown) => [inner], 'x');
  it.each<[string, unknown, boolean]>([
    ['a boolean', false, true],
    ['a list with null and a boolean', [null, true, 'x'], true],
    ['an object', { a: 1 }, false],
    ['a list with an object', ['x', {}], false],
    ['a list of 32 levels', nested(32), true],
    ['a list of 33 levels', nested(33), false],
  ])('may be %s: %#', (_name, value, isKept) => {
    const [slot] = jobSchema('j').parse({ slots: [{ slotId: 's', value }] }).slots ?? [];
    expect(slot).toEqual({ slotId: 's', type: 'text', required: true, ...(isKept ? { value } : {}) });
  });

  it('is of no slot where the name is empty', () => {
    const { slots } = jobSchema('j').parse({ slots: [{ slotId: '' }, { slotId: 's' }] });
    expect(slots?.map(({ slotId }) => slotId)).toEqual(['s']);
  });
});

describe('wrappers', () => {
  const url = 'https://s/x';
  it.each(['workflows', 'items', 'catalog', 'data', 'results'])('a catalog may be in %s', (name) => {
    expect(catalogSchema.parse({ [name]: [{ spec_id: 'w' }] })).toHaveLength(1);
  });

  it.each([
    { id: 'f' },
    { file: { fileId: 'f' } },
    { data: { file_id: 'f' } },
    { file: { id: 'f' } },
    { id: 'f', data: { fileId: 'other' } },
    { fileId: 'f', id: 'other' },
  ])('an upload is read of %j', (sent) => expect(uploadSchema.parse(sent)).toEqual({ fileId: 'f' }));

  it.each([
    { download: { url } },
    { data: { url } },
    { presigned_url: url },
    { downloadUrl: url },
    { url, presignedUrl: 'x' },
  ])('a download is read of %j', (sent) => expect(downloadSchema.parse(sent)).toEqual({ url }));

  it.each([
    { id: 'j' },
    { job_id: 'j' },
    { job: { id: 'j' } },
    { data: { jobId: 'j' } },
    { id: 'j', data: { id: 'other' } },
    { jobId: 'j', data: { id: 'other' } },
    { jobSpecId: 'j', id: 'other' },
  ])('a job is read of %j', (sent) => expect(jobSchema().parse(sent).jobSpecId).toBe('j'));

  it('a checkpoint may have a plain id', () => {
    const { checkpoint } = statusSchema.parse({ status: 'slot_needed', checkpoint: { id: 'c' } });
    expect(checkpoint).toEqual({ checkpointId: 'c', slots: [] });
    expect(jobSchema('j').parse({ item_version: 4, data: { itemVersion: 5 } }).itemVersion).toBe(4);
  });

  it('are opened only where the object is nothing else', () => {
    expect(catalogSchema.parse({ workflows: [{ spec_id: 'w' }] })).toHaveLength(1);
    expect(jobSchema().parse({ data: { jobSpecId: 'j' } })).toMatchObject({ jobSpecId: 'j' });
    expect(jobSchema().parse({ jobSpecId: 'j', data: { jobSpecId: 'other' } })).toMatchObject({
      jobSpecId: 'j',
    });
    expect(uploadSchema.parse({ file_id: 'f', file: { size: 3 } })).toEqual({ fileId: 'f' });
    expect(downloadSchema.parse({ url: 'https://s/x', data: {} })).toEqual({ url: 'https://s/x' });
  });
});
