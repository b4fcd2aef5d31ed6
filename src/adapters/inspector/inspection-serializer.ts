import type { InspectionEvent } from 'xstate';
import { defined } from '../../services/defined.js';
import { type InspectionMessage, PROTOCOL_VERSION } from './inspection-message.js';
import { fieldsOf, nameIn, type Permission } from './visible.js';
import { visibleDefinition } from './visible-definition.js';
import { visibleEvent } from './visible-event.js';
import { visibleSnapshot } from './visible-snapshot.js';

/** An actor's config, name and parent are missing in XState's type of an inspected actor. */
function factsOf(actorRef: unknown): { name: string; parentId: string | undefined; config: unknown } {
  const fields = fieldsOf(actorRef);
  const config = fieldsOf(fields.logic).config;
  const sessionId = nameIn(fields.sessionId) ?? 'unknown';
  return {
    name: nameIn(fields.id) ?? nameIn(fieldsOf(config).id) ?? sessionId,
    parentId: nameIn(fieldsOf(fields._parent).sessionId),
    config,
  };
}

export interface SerializerOptions extends Permission {
  /** Epoch ms. Default: the system clock. */
  readonly now?: (() => number) | undefined;
}

/**
 * Converts an event of XState's `inspect` for the Stately inspector, with only the data on the allow-list. Undefined for events
 * that its protocol does not have (microsteps, actions).
 */
export function serializeInspection(
  event: InspectionEvent,
  { now = Date.now, ...permission }: SerializerOptions = {},
): InspectionMessage | undefined {
  const base = {
    sessionId: event.actorRef.sessionId,
    rootId: event.rootId,
    id: null,
    createdAt: String(now()),
    _version: PROTOCOL_VERSION,
  };
  switch (event.type) {
    case '@xstate.actor': {
      const { name, parentId, config } = factsOf(event.actorRef);
      return {
        ...base,
        type: event.type,
        name,
        ...defined({ parentId }),
        definition: visibleDefinition(config, name),
        // XState reports an actor before it has a snapshot; the first one follows in its own message.
        snapshot: { status: 'active' },
      };
    }
    case '@xstate.event': {
      const sourceId = event.sourceRef?.sessionId;
      return {
        ...base,
        type: event.type,
        ...defined({ sourceId }),
        event: visibleEvent(event.event, permission),
      };
    }
    case '@xstate.snapshot':
      return {
        ...base,
        type: event.type,
        event: visibleEvent(event.event, permission),
        snapshot: visibleSnapshot(event.snapshot, permission),
      };
    default:
      return undefined;
  }
}
