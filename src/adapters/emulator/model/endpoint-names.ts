import { API_ENDPOINTS, type EmulatedEndpoint } from './endpoint.js';

export const ENDPOINTS: readonly EmulatedEndpoint[] = [...API_ENDPOINTS, 'storage'];

/** What else an endpoint may be called: the port of a job, or the function of a client or a handle, that sends its requests. */
export const PORT_ENDPOINTS = {
  loadCatalog: 'catalog',
  uploadFile: 'upload',
  createJob: 'create',
  getJob: 'job',
  fillSlots: 'slots',
  submitSlots: 'slots',
  confirmJob: 'confirm',
  getStatus: 'status',
  getDownload: 'download',
  saveResult: 'storage',
  fetchResult: 'storage',
} as const satisfies Readonly<Record<string, EmulatedEndpoint>>;

/** An endpoint by its own name, or by that of the port that calls it (`getStatus` for `status`). */
export type EndpointName = EmulatedEndpoint | keyof typeof PORT_ENDPOINTS;

const isPort = (name: string): name is keyof typeof PORT_ENDPOINTS => Object.hasOwn(PORT_ENDPOINTS, name);

/** The endpoint with this name; undefined if there is none. */
export function endpointNamed(name: unknown): EmulatedEndpoint | undefined {
  if (typeof name !== 'string') return undefined;
  return isPort(name) ? PORT_ENDPOINTS[name] : ENDPOINTS.find((endpoint) => endpoint === name);
}
