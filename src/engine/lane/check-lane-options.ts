import { valueShown } from '../../machines/question/slot-value.js';
import { COUNT, numberFindings } from '../../services/check-numbers.js';
import { checkParts } from '../../services/check-parts.js';
import { refuseInput } from '../../services/refuse-input.js';
import { checkOwnId } from '../job/check-job-input.js';
import type { CloseOptions, LaneOptions, LaneStartOptions } from './goal-lane.js';
import { PLAN_NAMES } from './starts/plan-hint.js';

const ADVICE = 'Fix the options and start again; nothing was sent.';

const isCount = (value: unknown): boolean => typeof value === 'number' && value >= 0 && !Number.isNaN(value);

function planFindings(plan: unknown): readonly string[] {
  if (plan === undefined) return [];
  const names = PLAN_NAMES.map((name) => `'${name}'`).join(' or ');
  if (typeof plan !== 'object' || plan === null || Array.isArray(plan)) {
    if (PLAN_NAMES.some((name) => name === plan)) return [];
    return [`plan is ${valueShown(plan)}; allowed is ${names}, or an object with numbers of your own`];
  }
  return ['concurrentJobs', 'statusReadsPerMinute', 'createsPerDay'].flatMap((name) => {
    const value: unknown = Object.hasOwn(plan, name) ? Reflect.get(plan, name) : undefined;
    if (value === undefined || isCount(value)) return [];
    return [`plan.${name} is ${valueShown(value)}; allowed is a number from 0`];
  });
}

/** @throws InvalidInputError for an invalid plan, number or poll order */
export function checkLaneOptions(
  options: Pick<LaneOptions, 'plan' | 'concurrency' | 'uploadsAtOnce' | 'pollOrder'>,
): void {
  checkParts(options);
  const pollOrder: unknown = options.pollOrder;
  const findings = [
    ...planFindings(options.plan),
    ...numberFindings(options, { concurrency: COUNT, uploadsAtOnce: COUNT }),
    ...(pollOrder === undefined || pollOrder === 'index' || pollOrder === 'round-robin'
      ? []
      : [`pollOrder is ${valueShown(pollOrder)}; allowed is 'index' or 'round-robin'`]),
  ];
  if (findings.length > 0) refuseInput(findings, ADVICE);
}

/** @throws InvalidInputError for an invalid id or priority */
export function checkStartOptions({
  id,
  priority,
}: { readonly [Name in keyof LaneStartOptions]?: unknown }): void {
  if (id !== undefined) checkOwnId(id);
  const findings: string[] = [];
  if (priority !== undefined && (typeof priority !== 'number' || Number.isNaN(priority)))
    findings.push(`priority is ${valueShown(priority)}; allowed is a number`);
  if (findings.length > 0) refuseInput(findings, ADVICE);
}

/** @throws InvalidInputError for an invalid deadline */
export function checkCloseOptions({ deadlineAt }: { readonly [Name in keyof CloseOptions]?: unknown }): void {
  if (deadlineAt === undefined || Number.isFinite(deadlineAt)) return;
  refuseInput(
    [`deadlineAt is ${valueShown(deadlineAt)}; allowed is a time in epoch ms, or left out`],
    'Fix it and close again: the lane is still open.',
  );
}
