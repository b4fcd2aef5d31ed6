import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** An answer that is not what was asked for, in words for the person at the page. */
export class ConsoleError extends Error {
  override readonly name = 'ConsoleError';
  constructor(
    readonly status: ContentfulStatusCode,
    readonly code: string,
    message: string,
    /** Besides the message: what the page shows with it. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}
