import type { jobActors } from '../../src/machines/job-actors.js';

type ActorName = keyof typeof jobActors;

/** What each actor of the machine sends, or waits for: one line each, so that a new actor does not compile without one. */
export const CALLS: Readonly<Record<ActorName, string>> = {
  inspectFiles: 'the local files are looked at; nothing is sent',
  loadCatalog: '`GET /workflows/catalog` (Step 1)',
  startTurn: 'a place among the jobs that the key may run at once; nothing is sent',
  uploadFiles: '`POST /upload` for each file, several at once (Step 2)',
  issueTicket: 'a one-use ticket of this process; nothing is sent',
  createJob: '`POST /jobs/goal` (Step 3)',
  getJob: '`GET /jobs/goal/{jobSpecId}` (Error Handling)',
  fillSlots: '`PATCH /jobs/goal/{jobSpecId}/slots` (Step 4)',
  confirmJob: '`POST /jobs/goal/{jobSpecId}/confirm` (Step 5)',
  getStatus: '`GET /jobs/goal/{jobSpecId}/status` (Step 6)',
  getDownload: '`GET /jobs/goal/{jobSpecId}/download` (Step 8)',
  saveResult: 'a `GET` of the pre-signed URL, without the key (Step 8)',
  waitUntil: 'a time; nothing is sent',
  pollTurn: 'the turn of this job to be read; nothing is sent',
};

export const isActor = (name: string): name is ActorName => Object.hasOwn(CALLS, name);
