import type { EmulatedEndpoint } from '../model/endpoint.js';
import type { EndpointName } from '../model/endpoint-names.js';
import type { BodySummary } from '../model/log.js';
import type { Fault } from './fault.js';

/** A request that faults can match. */
export interface FaultTarget {
  readonly endpoint: EmulatedEndpoint | 'none';
  readonly method: string;
  readonly path: string;
  /** The key's label. */
  readonly key: string;
  readonly body: BodySummary;
  readonly jobSpecId?: string;
  /** The job's current status, which a client may not know yet. */
  readonly status?: string;
  readonly itemVersion?: number;
  /** Epoch ms. */
  readonly now: number;
}

/** Which requests a fault applies to. Omitted conditions match everything. */
export interface FaultRule {
  /** Several faults apply to the same request together. */
  readonly fault: Fault | readonly Fault[];
  /** The name of the endpoint, or of the port that calls it: `status` and `getStatus` mean the same. */
  readonly on?: EndpointName | readonly EndpointName[] | undefined;
  readonly method?: string | undefined;
  readonly when?: ((target: FaultTarget) => boolean) | undefined;
  /** Only the nth matching request (from 1), or these. */
  readonly nth?: number | readonly number[] | undefined;
  /** Maximum number of requests that it is applied to, with or without effect. */
  readonly times?: number | undefined;
  /** Above 0 and at most 1, evaluated for each request. */
  readonly probability?: number | undefined;
}

export interface ActiveRule {
  readonly rule: FaultRule;
  /** How many requests matched `on`, `method` and `when`: `nth` counts among these. */
  readonly matched: number;
  /** How many requests it changed as described: a fault without effect, or hidden by another, does not count. */
  readonly fired: number;
  remove(): void;
}
