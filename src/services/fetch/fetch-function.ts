/** The platform's `fetch`, or whatever has its contract. */
export type FetchFunction = (url: string, init: RequestInit) => Promise<Response>;

/** The platform's, looked up when it is called: hosts put their own in its place. */
export const platformFetch: FetchFunction = (url, init) => globalThis.fetch(url, init);
