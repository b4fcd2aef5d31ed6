export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** Flags of every command, as parsed by commander. */
export interface CommonFlags {
  readonly baseUrl?: string;
  readonly store?: string;
  readonly logLevel: string;
  /** A HAR file for all exchanges. */
  readonly trace?: string;
  readonly traceValues?: boolean;
}

/** Flags of the list commands. */
export type ListFlags = CommonFlags & { readonly json?: boolean };

/** Flags of `jobs`. */
export interface ListJobsFlags extends ListFlags {
  readonly all?: boolean;
  readonly limit?: number;
  readonly state?: string;
}

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

/** Flags of `resume`. */
export interface ResumeFlags extends JobFlags {
  readonly all?: boolean;
  /** The id of the job that was found, after a create with unknown outcome. */
  readonly adopt?: string;
  /** Creates a job that was found not to exist. */
  readonly retry?: boolean;
}

/** Flags of `batch`. */
export interface BatchFlags extends JobFlags {
  readonly workflow?: string;
  readonly perFile?: boolean;
  readonly together?: boolean;
  readonly plan?: 'free' | 'pro' | 'business';
  readonly concurrency?: string;
  readonly failFast?: boolean;
  /** A folder. */
  readonly watch?: string;
}

/** Flags of `forget`. */
export interface ForgetFlags extends CommonFlags {
  readonly ended?: boolean;
  readonly json?: boolean;
}
