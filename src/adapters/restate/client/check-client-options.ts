import { valueShown } from '../../../machines/question/slot-value.js';
import { refuseInput } from '../../../services/refuse-input.js';
import { addressUrlFault, checkOptions, isHeaders, isSegment } from '../check-values.js';
import type { FleetClientOptions } from './fleet-client.js';

const isName = (value: unknown): boolean =>
  value === undefined || (typeof value === 'string' && value.trim() !== '' && isSegment(value));

/** @throws InvalidInputError that names each option of a client of a fleet that cannot be meant, and what is allowed */
export function checkClientOptions(options: FleetClientOptions): void {
  checkOptions(options);
  const { ingress, admin, key, headers } = options;
  const faultOf = (url: string | undefined): string | undefined =>
    url === undefined ? undefined : addressUrlFault(url);
  const [ingressFault, adminFault] = [faultOf(ingress), faultOf(admin)];
  const findings = [
    ...(ingressFault === undefined
      ? []
      : [`ingress ${ingressFault}; allowed is the URL of the engine, or left out`]),
    ...(adminFault === undefined
      ? []
      : [`admin ${adminFault}; allowed is the URL of its admin API, or left out`]),
    ...(isName(key) ? [] : [`key is ${valueShown(key)}; allowed is the name of a key, or left out`]),
    ...(headers === undefined || isHeaders(headers)
      ? []
      : ['headers is no object of headers; allowed is name → value, or left out']),
  ];
  if (findings.length > 0) refuseInput(findings, 'Fix the options; nothing was sent.');
}
