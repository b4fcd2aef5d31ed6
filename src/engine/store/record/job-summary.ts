import type { JobRecord } from './job-record.js';

/** A stored job in a list: its record without the parts that are only needed to resume it. */
export interface JobSummary extends Omit<JobRecord, 'input' | 'snapshot' | 'files'> {
  /** The state value of its snapshot; absent if the job was stored before its first step. */
  readonly place?: unknown;
  /** The kind of the failure with which it ended here. */
  readonly failureKind?: string;
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;

export function summaryOf({ input: _, files: __, snapshot, ...rest }: JobRecord): JobSummary {
  const place = fieldOf(snapshot, 'value');
  const failureKind = fieldOf(fieldOf(fieldOf(snapshot, 'output'), 'failure'), 'kind');
  return {
    ...rest,
    ...(place === undefined ? {} : { place }),
    ...(typeof failureKind === 'string' ? { failureKind } : {}),
  };
}
