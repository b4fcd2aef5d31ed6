/** The calls whose limits the API counts separately ("Rate Limits": per key, per endpoint). */
export type Endpoint = 'catalog' | 'upload' | 'create' | 'job' | 'slots' | 'confirm' | 'status' | 'download';
