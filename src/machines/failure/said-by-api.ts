import type { Failure } from '../../services/failure.js';

/** Law 8: only what the API itself says is its word; what answers in its place may be gone in a minute. */
export const isSaidByApi = ({ speaker }: Failure): boolean => speaker === undefined || speaker === 'api';
