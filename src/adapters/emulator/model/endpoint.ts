/** The eight calls of the reference, by the names used in this project. */
export const API_ENDPOINTS = [
  'catalog',
  'upload',
  'create',
  'job',
  'slots',
  'confirm',
  'status',
  'download',
] as const;
export type ApiEndpoint = (typeof API_ENDPOINTS)[number];

/** An API call, or the GET of a pre-signed URL on the storage origin. */
export type EmulatedEndpoint = ApiEndpoint | 'storage';

export interface Route {
  readonly endpoint: ApiEndpoint;
  readonly jobSpecId?: string;
}

/** `path-unknown` is a 404, `method-unknown` a 405. */
export type Routing = Route | 'path-unknown' | 'method-unknown';

const FIXED: Readonly<Record<string, readonly [string, ApiEndpoint]>> = {
  '/workflows/catalog': ['GET', 'catalog'],
  '/upload': ['POST', 'upload'],
  '/jobs/goal': ['POST', 'create'],
};

const OF_A_JOB: Readonly<Record<string, readonly [string, ApiEndpoint]>> = {
  '': ['GET', 'job'],
  '/slots': ['PATCH', 'slots'],
  '/confirm': ['POST', 'confirm'],
  '/status': ['GET', 'status'],
  '/download': ['GET', 'download'],
};

const JOB_PATH = /^\/jobs\/goal\/([^/]+)(\/[a-z]+)?$/;

/** Finds the call for a method and a path (below the base URL, without query). */
export function routeOf(method: string, path: string): Routing {
  const match = JOB_PATH.exec(path);
  const known = match === null ? FIXED[path] : OF_A_JOB[match[2] ?? ''];
  if (known === undefined) return 'path-unknown';
  const [wanted, endpoint] = known;
  if (method.toUpperCase() !== wanted) return 'method-unknown';
  const encoded = match?.[1];
  if (encoded === undefined) return { endpoint };
  try {
    return { endpoint, jobSpecId: decodeURIComponent(encoded) };
  } catch {
    return 'path-unknown';
  }
}
