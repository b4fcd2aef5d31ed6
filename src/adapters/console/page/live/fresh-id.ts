/** A random id. `crypto.randomUUID` exists only in secure contexts (HTTPS or localhost). */
export function freshId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
