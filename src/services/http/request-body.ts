import type { ApiRequest } from './api-request.js';

interface AxiosBody {
  readonly data?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly onUploadProgress?: (progress: { loaded: number }) => void;
}

/** The body of a request in the form that axios expects. */
export const bodyOf = ({ json, raw }: ApiRequest): AxiosBody => {
  if (raw !== undefined) {
    const { data, headers, onSent } = raw;
    const progress = onSent && { onUploadProgress: ({ loaded }: { loaded: number }) => onSent(loaded) };
    return { data, headers, ...progress };
  }
  if (json === undefined) return {};
  return { data: JSON.stringify(json), headers: { 'Content-Type': 'application/json' } };
};
