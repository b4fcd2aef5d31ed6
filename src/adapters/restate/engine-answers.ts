const FORBIDDEN: readonly number[] = [401, 403, 407];

/** The answer of a gateway before the engine, about the headers of this client. */
export const isForbidden = (status: number): boolean => FORBIDDEN.includes(status);

/** An answer as JSON; what is none was not said by the engine. @throws what `fault` makes */
export function parsedAnswer(text: string, fault: () => Error): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw fault();
  }
}
