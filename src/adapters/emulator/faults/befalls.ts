import { API_ENDPOINTS, type EmulatedEndpoint } from '../model/endpoint.js';
import type { FaultKind } from './fault.js';

type Endpoints = readonly EmulatedEndpoint[];

const OF_A_JOB: Endpoints = ['job', 'slots', 'confirm', 'status', 'download'];
/** Storage knows the job of a result. */
const CHANGES_A_JOB: Endpoints = [...OF_A_JOB, 'storage'];
const READS: Endpoints = ['job', 'status'];
const SHOWS_STATUS: Endpoints = ['create', ...OF_A_JOB];
const RESULT: Endpoints = ['storage'];

/** The endpoints where a kind of fault can have an effect; a kind that is not listed can befall any. */
const BEFALLS: Readonly<Partial<Record<FaultKind, Endpoints>>> = {
  'early-reply': ['upload'],
  'garbled-body': API_ENDPOINTS,
  'replica-lag': OF_A_JOB,
  'range-ignored': RESULT,
  'url-not-yet-valid': RESULT,
  'wrong-result': RESULT,
  'reset-format': API_ENDPOINTS,
  'missing-rate-headers': API_ENDPOINTS,
  'version-conflict': CHANGES_A_JOB,
  'second-actor': CHANGES_A_JOB,
  'file-expired': ['create'],
  lingering: CHANGES_A_JOB,
  stuck: CHANGES_A_JOB,
  'stalled-progress': CHANGES_A_JOB,
  'job-fails': CHANGES_A_JOB,
  'job-lost': CHANGES_A_JOB,
  'repeated-checkpoint': CHANGES_A_JOB,
  'retention-ended': CHANGES_A_JOB,
  'changed-result': CHANGES_A_JOB,
  'stale-status': OF_A_JOB,
  'stale-version': READS,
  'unknown-status': SHOWS_STATUS,
  'backwards-progress': OF_A_JOB,
  'missing-fields': API_ENDPOINTS,
  'extra-fields': API_ENDPOINTS,
  'switched-spelling': API_ENDPOINTS,
  'empty-body': API_ENDPOINTS,
  'hostile-filename': ['download'],
  'expired-url': ['download', 'storage'],
  'changed-body': API_ENDPOINTS,
};

const listed = (kind: string): Endpoints | undefined =>
  Object.entries(BEFALLS).find(([known]) => known === kind)?.[1];

/** Why a kind of fault can never have an effect on an endpoint; undefined if it can. */
export function cannotBefall(kind: string, endpoint: EmulatedEndpoint): string | undefined {
  const possible = listed(kind);
  if (possible === undefined || possible.includes(endpoint)) return undefined;
  return `${kind} has no effect on ${endpoint}; allowed: ${possible.join(', ')}`;
}

const METHODS: Readonly<Partial<Record<EmulatedEndpoint, string>>> = {
  catalog: 'GET',
  upload: 'POST',
  create: 'POST',
  job: 'GET',
  slots: 'PATCH',
  confirm: 'POST',
  status: 'GET',
  download: 'GET',
};

/** The method of an endpoint; undefined where a request with any method counts as one to it. */
export const methodOf = (endpoint: EmulatedEndpoint): string | undefined => METHODS[endpoint];
