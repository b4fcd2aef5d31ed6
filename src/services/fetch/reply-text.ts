import { byteChunks } from '../bytes/byte-chunks.js';
import { errorWords } from '../errors/error-words.js';

/** The text of a body, at most `longest` bytes of it in memory. @throws what `broken` makes of a body that breaks off or is longer */
export async function replyText(
  response: Response,
  longest: number,
  broken: (message: string, cause?: unknown) => Error,
  signal: AbortSignal | undefined,
): Promise<string> {
  const source = byteChunks(response.body);
  const { cancel } = source;
  signal?.addEventListener('abort', cancel, { once: true });
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  try {
    for await (const chunk of source) {
      bytes += chunk.byteLength;
      if (bytes > longest) break;
      text += decoder.decode(chunk, { stream: true });
    }
  } catch (error) {
    throw broken(`it ended after ${bytes} bytes (${errorWords(error)})`, error);
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
  if (bytes <= longest) return text + decoder.decode();
  cancel();
  throw broken(`the reply is longer than ${longest} bytes`);
}
