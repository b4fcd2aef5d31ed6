/** Loads what sends requests, for a process that will certainly send some: the first of them need not wait for that. */
export async function preloadTransport(): Promise<void> {
  await Promise.all([import('undici'), import('../../../services/http/by-axios.js')]);
}
