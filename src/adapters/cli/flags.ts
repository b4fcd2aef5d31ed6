export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** Flags of every command, as commander hands them over. */
export interface CommonFlags {
  readonly baseUrl?: string;
  readonly store?: string;
  readonly logLevel: string;
}

/** Flags of the commands that list. */
export type ListFlags = CommonFlags & { readonly json?: boolean };

/** Flags of the commands that follow a job. */
export interface JobFlags extends CommonFlags {
  readonly slot: readonly string[];
  readonly answers?: string;
  readonly out?: string;
  readonly confirm?: 'manual';
  readonly json?: boolean;
  /** False with `--no-input`. */
  readonly input: boolean;
  readonly allowEmpty?: boolean;
  readonly allowRepeated?: boolean;
  /** Seconds. */
  readonly maxWait?: string;
}
