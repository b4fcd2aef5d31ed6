import { describe, expect, it } from 'vitest';
import { blobUploadBody } from '../../src/services/index.js';
import { type Handler, json, type SeenRequest } from '../support/http-server.js';
import { KEY, withSample } from './sample-client.js';

const reply =
  (status: number, body: unknown): Handler =>
  (_request, response) =>
    json(response, status, body);

const shown = (request: SeenRequest | undefined) => `${request?.method} ${request?.path}`;
const bodyOf = (request: SeenRequest | undefined): unknown => JSON.parse(request?.body ?? '');
const job = { jobSpecId: 'job_789' };

describe('the calls of the reference, over HTTP', () => {
  it('Step 1: loads the catalog', () =>
    withSample(
      reply(200, [
        {
          spec_id: 'goal_lane.cover_letter',
          name: 'Cover letter',
          description: 'Writes a cover letter',
          supported_input_formats: ['pdf', 'docx'],
          required_slots: [{ slotId: 'tone', type: 'text' }],
          maxInputSizeBytes: 10_485_760,
          minFileCount: 2,
        },
      ]),
      async ({ client, server }) => {
        expect(await client.loadCatalog()).toEqual([
          {
            specId: 'goal_lane.cover_letter',
            name: 'Cover letter',
            description: 'Writes a cover letter',
            supportedInputFormats: ['pdf', 'docx'],
            requiredSlots: [{ slotId: 'tone', type: 'text', required: true }],
            maxInputSizeBytes: 10_485_760,
            minFileCount: 2,
          },
        ]);
        expect(shown(server.seen[0])).toBe('GET /api/v1/workflows/catalog');
        expect(server.seen[0]?.headers.authorization).toBe(`Bearer ${KEY}`);
      },
    ));

  it('Step 2: uploads a Blob as multipart/form-data with the one field `file`', () =>
    withSample(reply(200, { file_id: 'file_abc123' }), async ({ client, server }) => {
      const file = { handle: 'cv', name: 'my "cv".pdf', bytes: 5 };
      const open = async () => blobUploadBody(new Blob(['bytes']), file.name);
      expect(await client.uploadFile({ file, open })).toEqual({ fileId: 'file_abc123' });
      const [request] = server.seen;
      expect(shown(request)).toBe('POST /api/v1/upload');
      const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(
        request?.headers['content-type'] ?? '',
      )?.[1];
      expect(request?.body).toContain(`--${boundary}`);
      expect(request?.body).toContain('name="file"; filename="my %22cv%22.pdf"');
      expect(request?.body).toContain('\r\n\r\nbytes\r\n');
      expect(Number(request?.headers['content-length'])).toBe(request?.body.length);
    }));

  it('Step 3: creates a job', () =>
    withSample(
      reply(200, { jobSpecId: 'job_789', status: 'pending', slots: [], itemVersion: 1 }),
      async ({ client, server }) => {
        const fileIds = ['file_abc123', 'file_def456'];
        expect(await client.createJob({ workflowId: 'goal_lane.cover_letter', fileIds })).toEqual({
          jobSpecId: 'job_789',
          status: 'pending',
          statusWord: 'pending',
          slots: [],
          itemVersion: 1,
        });
        expect(shown(server.seen[0])).toBe('POST /api/v1/jobs/goal');
        expect(server.seen[0]?.headers['content-type']).toBe('application/json');
        expect(bodyOf(server.seen[0])).toEqual({ workflowId: 'goal_lane.cover_letter', fileIds });
      },
    ));

  it('Step 3: a created job without a status is pending (Full Flow Example)', () =>
    withSample(reply(200, { jobSpecId: 'job_789', itemVersion: 1, slots: [] }), async ({ client }) => {
      expect(await client.createJob({ workflowId: 'w', fileIds: [] })).toMatchObject({ status: 'pending' });
    }));

  it('Step 4: fills slots', () =>
    withSample(reply(200, { jobSpecId: 'job_789', itemVersion: 2 }), async ({ client, server }) => {
      const slots = [
        { slotId: 'tone', value: 'professional' },
        { slotId: 'length', value: 'one_page' },
      ];
      expect(await client.fillSlots({ ...job, itemVersion: 1, slots })).toEqual({ ...job, itemVersion: 2 });
      expect(shown(server.seen[0])).toBe('PATCH /api/v1/jobs/goal/job_789/slots');
      expect(bodyOf(server.seen[0])).toEqual({ itemVersion: 1, slots });
    }));

  it('Step 5: confirms; a 202 has no body', () =>
    withSample(reply(202, undefined), async ({ client, server }) => {
      expect(await client.confirmJob({ ...job, itemVersion: 2 })).toEqual(job);
      expect(shown(server.seen[0])).toBe('POST /api/v1/jobs/goal/job_789/confirm');
      expect(bodyOf(server.seen[0])).toEqual({ itemVersion: 2 });
    }));

  it('Step 5: a 202 with a job, or with words that are no JSON, is read as far as it goes', async () => {
    await withSample(reply(202, { status: 'confirming', itemVersion: 3 }), async ({ client }) => {
      const echo = await client.confirmJob({ ...job, itemVersion: 2 });
      expect(echo).toEqual({ ...job, status: 'confirming', statusWord: 'confirming', itemVersion: 3 });
    });
    await withSample(
      (_request, response) => void response.writeHead(202).end('Accepted'),
      async ({ client }) => expect(await client.confirmJob({ ...job, itemVersion: 2 })).toEqual(job),
    );
  });

  it('Step 6: reads the status', () =>
    withSample(
      reply(200, { status: 'executing', progress: 45, currentStep: 'generating_output' }),
      async ({ client, server }) => {
        expect(await client.getStatus(job)).toEqual({
          status: 'executing',
          statusWord: 'executing',
          progress: 45,
          currentStep: 'generating_output',
        });
        expect(shown(server.seen[0])).toBe('GET /api/v1/jobs/goal/job_789/status');
      },
    ));

  it('Step 6: a failed job says why', () =>
    withSample(reply(200, { status: 'failed', error: 'The resume is empty' }), async ({ client }) => {
      expect(await client.getStatus(job)).toMatchObject({ status: 'failed', error: 'The resume is empty' });
    }));

  it('Step 7: reads a checkpoint', () =>
    withSample(
      reply(200, {
        status: 'slot_needed',
        checkpoint: {
          checkpointId: 'profile_review',
          stepOutputPreview: 'Detected roles: Senior Engineer, Tech Lead...',
          slots: [{ slotId: 'confirmed_titles', type: 'text' }],
        },
        itemVersion: 3,
      }),
      async ({ client }) => {
        expect(await client.getStatus(job)).toEqual({
          status: 'slot_needed',
          statusWord: 'slot_needed',
          checkpoint: {
            checkpointId: 'profile_review',
            stepOutputPreview: 'Detected roles: Senior Engineer, Tech Lead...',
            slots: [{ slotId: 'confirmed_titles', type: 'text', required: true }],
          },
          itemVersion: 3,
        });
      },
    ));

  it('Step 8: asks for the download', async () => {
    const url = 'https://s3.amazonaws.com/convilyn-results/job_789/output.zip?X-Amz-Signature=x%2Fy';
    await withSample(
      reply(200, { url, expiresAt: '2026-03-30T14:00:00Z', filename: 'output.zip' }),
      async ({ client, server }) => {
        const expiresAt = Date.UTC(2026, 2, 30, 14);
        expect(await client.getDownload(job)).toEqual({ url, expiresAt, filename: 'output.zip' });
        expect(shown(server.seen[0])).toBe('GET /api/v1/jobs/goal/job_789/download');
      },
    );
    await withSample(reply(200, { url }), async ({ client }) => {
      expect(await client.getDownload(job)).toEqual({ url });
    });
  });

  it('Error Handling: re-reads the job', () =>
    withSample(reply(200, { status: 'slot_needed', itemVersion: 5 }), async ({ client, server }) => {
      expect(await client.getJob(job)).toMatchObject({ ...job, status: 'slot_needed', itemVersion: 5 });
      expect(shown(server.seen[0])).toBe('GET /api/v1/jobs/goal/job_789');
    }));

  it('keeps an id one segment of the path, and refuses one that would lead elsewhere', () =>
    withSample(reply(200, { status: 'executing' }), async ({ client, server }) => {
      await client.getStatus({ jobSpecId: 'a/../../admin?x#y' });
      expect(shown(server.seen[0])).toBe('GET /api/v1/jobs/goal/a%2F..%2F..%2Fadmin%3Fx%23y/status');
      for (const jobSpecId of ['', '.', '..']) {
        await expect(client.getStatus({ jobSpecId })).rejects.toThrow(
          `jobSpecId "${jobSpecId}" is not a valid id`,
        );
      }
      expect(server.seen).toHaveLength(1);
    }));
});
