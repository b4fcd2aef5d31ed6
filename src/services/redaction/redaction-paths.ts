/** Paths whose values a logger must never show; for pino's `redact`. */
export const redactionPaths = [
  'apiKey',
  '*.apiKey',
  'authorization',
  'Authorization',
  '*.authorization',
  '*.Authorization',
  'headers.authorization',
  'headers.Authorization',
  '*.headers.authorization',
  '*.headers.Authorization',
  'url',
  '*.url',
  '*.*.url',
];
