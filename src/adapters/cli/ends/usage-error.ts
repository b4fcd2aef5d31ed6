/** Bad usage or bad input that was found before anything was sent; exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** What to do next, in one sentence. */
  readonly advice: string;

  constructor(message: string, advice: string) {
    super(message);
    this.advice = advice;
  }
}
