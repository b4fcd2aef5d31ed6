/** The plans of the reference ("Rate Limits"), by name. */
export type PlanName = 'free' | 'pro' | 'business';

/** A host's assumption about the limits of its key. Values from the server take precedence. */
export interface PlanHint {
  /** Maximum number of concurrent jobs. */
  readonly concurrentJobs?: number | undefined;
  readonly statusReadsPerMinute?: number | undefined;
  /** `Infinity`: unlimited. */
  readonly createsPerDay?: number | undefined;
}

const PLANS: Readonly<Record<PlanName, Required<PlanHint>>> = {
  free: { concurrentJobs: 5, statusReadsPerMinute: 60, createsPerDay: 10 },
  pro: { concurrentJobs: 20, statusReadsPerMinute: 300, createsPerDay: 500 },
  business: { concurrentJobs: 100, statusReadsPerMinute: 1_000, createsPerDay: Number.POSITIVE_INFINITY },
};

/** The allowed plan names. */
export const PLAN_NAMES: readonly PlanName[] = ['free', 'pro', 'business'];

export function planHint(plan: PlanName | PlanHint | undefined): PlanHint {
  return typeof plan === 'string' ? PLANS[plan] : (plan ?? {});
}
