import type { Failure } from '../../services/failure.js';

/** Law 8, never mistaken: only the API itself speaks for the API. The reply of a proxy in between may be temporary. */
export const isSaidByApi = ({ speaker }: Failure): boolean => speaker === undefined || speaker === 'api';
