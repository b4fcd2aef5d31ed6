/** Where the program finds the emulator, and how fast its time passes. */
export interface Site {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** Epoch ms at which the emulator's clock stood still with the real one. */
  readonly start: number;
  readonly speed: number;
}

/** The report of a program about its one job. */
export interface Told {
  readonly status: string;
  /** Of the result, as goal-lane says. */
  readonly sha256?: string | undefined;
  /** The result itself, in base64. */
  readonly result?: string | undefined;
  /** Titles that were asked for at the checkpoint. */
  readonly asked: readonly string[];
  /** Reported progress of the upload, in bytes. */
  readonly sent: readonly number[];
  readonly failure?: unknown;
}

/** What is uploaded: every value of a byte, so that nothing may be taken for text on the way. */
export const CONTENT_BYTES = 70_000;
export const contentOf = (bytes: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length: bytes }, (_, index) => (index * 7 + (index >> 8)) % 256);

/** The emulator's time, which runs ahead. */
export function fastClock({ start, speed }: Site) {
  const now = (): number => start + (Date.now() - start) * speed;
  return {
    now,
    schedule(at: number, callback: () => void): () => void {
      const timer = setTimeout(callback, Math.max(0, at - now()) / speed);
      return () => clearTimeout(timer);
    },
  };
}
