/** The messages have the shapes of this release of `@statelyai/inspect`. */
export const PROTOCOL_VERSION = '0.7.2';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** The visible parts of a snapshot. */
export interface VisibleSnapshot {
  readonly status: string;
  /** Only for machines. */
  readonly value?: Json;
  readonly context?: JsonObject;
  readonly tags?: readonly string[];
  readonly output?: JsonObject;
}

export type VisibleEvent = { readonly type: string } & JsonObject;

interface Base {
  readonly sessionId: string;
  readonly rootId: string;
  readonly id: null;
  /** Epoch ms, as text. */
  readonly createdAt: string;
  readonly _version: string;
}

export interface ActorMessage extends Base {
  readonly type: '@xstate.actor';
  readonly name: string;
  readonly parentId?: string;
  /** The machine's config, as JSON text. */
  readonly definition: string;
  readonly snapshot: VisibleSnapshot;
}

export interface EventMessage extends Base {
  readonly type: '@xstate.event';
  readonly sourceId?: string;
  readonly event: VisibleEvent;
}

/** One transition: its guard, its actions, and its target. Names only. */
export interface VisibleStep {
  readonly value: Json;
  readonly guard?: string;
  readonly actions?: readonly string[];
}

export interface SnapshotMessage extends Base {
  readonly type: '@xstate.snapshot';
  readonly event: VisibleEvent;
  readonly snapshot: VisibleSnapshot;
  /** Our extension of the protocol: the transitions caused by the event, in order. Only for machines. */
  readonly steps?: readonly VisibleStep[];
}

/** One message of the Stately inspector's protocol, with only the data on the allow-list. */
export type InspectionMessage = ActorMessage | EventMessage | SnapshotMessage;
