/** The calls that the limits of a key count apart (Rate Limits: per key, per endpoint). */
export type Endpoint = 'catalog' | 'upload' | 'create' | 'job' | 'slots' | 'confirm' | 'status' | 'download';
