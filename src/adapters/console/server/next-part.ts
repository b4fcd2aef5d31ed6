import { ConsoleError } from './console-error.js';

/** The next chunk of a body. @throws ConsoleError if none arrives in time */
export async function nextPart(
  parts: AsyncIterator<Uint8Array>,
  silenceMs: number,
): Promise<IteratorResult<Uint8Array>> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ConsoleError(408, 'silence', 'No data arrived for too long. Try again.')),
      silenceMs,
    );
  });
  try {
    return await Promise.race([parts.next(), silence]);
  } finally {
    clearTimeout(timer);
  }
}
