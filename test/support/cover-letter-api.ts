import { json, serve, type TestServer } from './http-server.js';

/** The cover letter of the reference's full flow example, word for word, on a server of its own; good for one job. */
export function coverLetterApi(storageUrl: string, filename?: string): Promise<TestServer> {
  let uploads = 0;
  const statuses = [
    { status: 'executing', progress: 30 },
    { status: 'executing', progress: 75 },
    { status: 'completed' },
  ];
  return serve(({ method, path }, response) => {
    if (method === 'OPTIONS') return json(response, 204, undefined);
    const route = `${method} ${path.replace('/api/v1', '')}`;
    if (route === 'GET /workflows/catalog') {
      return json(response, 200, [
        {
          spec_id: 'goal_lane.cover_letter',
          name: 'Cover letter',
          description: 'Writes one',
          supported_input_formats: ['pdf', 'docx'],
          required_slots: [],
          maxInputSizeBytes: 1000,
          minFileCount: 2,
        },
      ]);
    }
    if (route === 'POST /upload') {
      uploads += 1;
      return json(response, 200, { file_id: uploads === 1 ? 'file_resume123' : 'file_jd456' });
    }
    if (route === 'POST /jobs/goal')
      return json(response, 200, { jobSpecId: 'job_789', itemVersion: 1, slots: [] });
    if (route === 'GET /jobs/goal/job_789') return json(response, 200, { status: 'pending', itemVersion: 1 });
    if (route === 'POST /jobs/goal/job_789/confirm') return json(response, 202, undefined);
    if (route === 'GET /jobs/goal/job_789/status') return json(response, 200, statuses.shift());
    if (route === 'GET /jobs/goal/job_789/download') {
      return json(response, 200, {
        url: `${storageUrl}/convilyn-results/job_789/output.zip?X-Amz-Signature=topsecret`,
        expiresAt: '2026-03-30T14:00:00Z',
        ...(filename === undefined ? {} : { filename }),
      });
    }
    return json(response, 404, { error: 'not_found', message: route, code: 404 });
  });
}
