import type { JobDriver } from '../../job/source/lane-source.js';
import { type IsGone, isDoubtful, type Lease, rememberGone, type StoreOwner } from './job-lease.js';
import { isOfThisMachine, isProcessGone } from './process-liveness.js';

const driverOf = (owner: StoreOwner): JobDriver => {
  const { pid, host } = owner;
  return isOfThisMachine(owner) ? { pid } : { pid, machine: host.split(' ')[0] ?? host };
};

/** Who drives which job at a time (epoch ms). An owner whose process cannot be checked counts until its lease expires. */
export function driversOf(
  leases: readonly Lease[],
  now: number,
  isGone: IsGone = isProcessGone,
): ReadonlyMap<string, JobDriver> {
  const gone = rememberGone(isGone);
  const isDriven = (lease: Lease): boolean =>
    !gone(lease.owner) && (isOfThisMachine(lease.owner) || !isDoubtful(lease, now));
  return new Map(leases.filter(isDriven).map(({ jobId, owner }) => [jobId, driverOf(owner)]));
}
