/** Requests to one endpoint by one key per window. */
export interface Quota {
  /** `Infinity` for no limit. */
  readonly limit: number;
  readonly windowMs: number;
}

/** The limits of a plan ("Rate Limits"). */
export interface PlanLimits {
  readonly createsPerDay: number;
  readonly statusReadsPerMinute: number;
  readonly concurrentJobs: number;
  /** For each endpoint without a number in the reference. Default: no limit. */
  readonly otherRequestsPerMinute?: number | undefined;
}

export type PlanName = 'free' | 'pro' | 'business';

export const PLANS: Readonly<Record<PlanName, PlanLimits>> = {
  free: { createsPerDay: 10, statusReadsPerMinute: 60, concurrentJobs: 5 },
  pro: { createsPerDay: 500, statusReadsPerMinute: 300, concurrentJobs: 20 },
  business: { createsPerDay: Number.POSITIVE_INFINITY, statusReadsPerMinute: 1000, concurrentJobs: 100 },
};

export const limitsOf = (plan: PlanName | PlanLimits): PlanLimits =>
  typeof plan === 'string' ? PLANS[plan] : plan;
